#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "claptools/index/checked_file.hpp"
#include "claptools/index/flat/flat_search.hpp"

namespace claptools {

/// Inverted lists as they lie in a file.
struct StoredLists {
  struct List {
    std::size_t offset = 0;  ///< of the codes, which the ids follow
    std::size_t size = 0;    ///< vectors
  };
  std::size_t begin = 0, end = 0;  ///< bytes of the whole section
  std::size_t code_size = 0;       ///< bytes per vector
  std::vector<List> lists;
};

/// What of an index can be searched where it lies.
struct MappableParts {
  std::optional<Gallery> vectors;  ///< all there is: an index of type Flat or SQfp16
  std::optional<StoredLists> lists;
};

/// Walks through a FAISS 1.7 index file without building anything: every count fits into the bytes
/// that are there, every id, offset and level points where it may, the parts agree with each other,
/// nothing follows the end. FAISS trusts all of that when it reads and searches.
/// @throws Error{data} for damage, an unknown index type or another metric than inner product.
void check_faiss_layout(std::span<const std::byte> bytes, std::string_view subject);

/// The same, but the mappable parts are neither read nor compared with their checksums: that is
/// left to those who read them. All else is.
MappableParts find_mappable_parts(const CheckedFile& file);

}  // namespace claptools
