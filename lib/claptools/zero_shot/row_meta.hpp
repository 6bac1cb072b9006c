#pragma once
// Internal to the room.

#include <cstddef>
#include <string>
#include <vector>

#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// The values of one row, one per meta column.
inline std::vector<std::string> meta_of(const EmbeddingRows& rows, std::size_t row) {
  std::vector<std::string> values;
  for (const auto& column : rows.meta) values.push_back(column[row]);
  return values;
}

}  // namespace claptools
