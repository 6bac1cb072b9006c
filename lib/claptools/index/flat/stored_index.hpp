#pragma once
// Internal to the room.

#include <memory>

#include "claptools/index/checked_file.hpp"
#include "claptools/index/flat/flat_search.hpp"

namespace claptools {

/// Exact search over vectors that stay in their file.
/// @param vectors within the file.
std::unique_ptr<SearchIndex> open_stored_vectors(std::shared_ptr<const CheckedFile> file,
                                                 const Gallery& vectors);

/// @throws Error{usage} naming `subject` unless an index of `size` rows has these.
void require_rows(RowRange rows, std::size_t size, const std::string& subject);

/// @throws Error{data} naming `subject` unless m has `dim` columns.
void require_width(MatrixView m, std::size_t dim, const std::string& subject);

/// Exact search over some rows of a gallery on `threads` threads; the ids are those of the whole.
Neighbours search_rows(const Gallery& gallery, MatrixView queries, std::size_t k, RowRange rows,
                       int threads);

}  // namespace claptools
