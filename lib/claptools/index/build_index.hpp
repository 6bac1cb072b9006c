#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "claptools/index/index_directory.hpp"

namespace claptools {

/// Called with the number of rows added so far; may be empty.
using RowProgress = std::function<void(std::size_t rows)>;

/// Adds the rows of embedding files or indexes, in order, block by block. Meta columns are united;
/// a row without a value gets an empty one.
/// @param inputs as open_row_source takes them.
/// @throws Error{data} naming the input that differs from the index in model, dimension or kind,
/// and as require_joinable for the index and the inputs.
void extend_index(IndexDirectory& directory, std::span<const std::string> inputs,
                  const RowProgress& progress);

struct BuildOptions {
  std::string factory = "Flat";  ///< as make_index takes it
  std::string like;              ///< an index directory whose training is taken over; empty: none
  /// Where the index type has to learn something first, at most this many rows, evenly spread over
  /// all inputs, teach it; 256 for each of 1024 centroids.
  std::size_t train_rows = std::size_t{1} << 18;
  int threads = 0;  ///< as SearchIndex::set_threads takes it
};

/// A new index of these rows; the header is that of the first input. Of one shard alone, it is an
/// index of that shard, which the header keeps.
/// @throws as extend_index, make_index and Index::train; Error{data} if there is no row at all.
IndexDirectory build_index(std::span<const std::string> inputs, const BuildOptions& options,
                           const RowProgress& progress);

/// One index of several that were trained alike, in the order given and with nothing lost: vectors
/// are moved as they are stored.
/// @param paths index directories, at least one.
/// @throws Error{data} naming the one of another model, dimension, kind, type or training, and as
/// require_joinable.
IndexDirectory merge_indexes(std::span<const std::string> paths, int threads,
                             const RowProgress& progress);

}  // namespace claptools
