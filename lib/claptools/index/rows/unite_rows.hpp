#pragma once
// Internal to the room.

#include <span>
#include <string>
#include <vector>

#include "claptools/index/index_input.hpp"
#include "claptools/store/file_set.hpp"
#include "claptools/store/hdf5/row_file.hpp"

namespace claptools {

/// @throws Error{data} naming `path` if its rows are of another model, dimension or kind.
void require_same(const EmbeddingHeader& header, const EmbeddingHeader& expected,
                  const std::string& path);

/// What the rows of an index keep of the header of the first input.
EmbeddingHeader index_header(EmbeddingHeader header);

/// Where the rows of an input went.
struct RowPart {
  SetMember input;
  std::size_t first = 0, rows = 0;
};

/// As require_joinable for inputs whose rows are among those of an index.
void require_joinable(std::span<const RowPart> parts, const IndexRows& all);

/// Appends rows. Meta columns are united; a row without a value gets an empty one.
void append_rows(IndexRows& rows, const IndexInput& source);
void append_rows(IndexRows& rows, const IndexRows& more);

}  // namespace claptools
