#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "claptools/core/matrix.hpp"
#include "claptools/index/index_directory.hpp"

namespace claptools {

/// Called with the number of rows added so far; may be empty.
using RowProgress = std::function<void(std::size_t rows)>;

/// Adds the rows of embedding files or indexes, in order, block by block. Meta columns are united;
/// a row without a value gets an empty one.
/// @param inputs as open_row_source takes them.
/// @param replace_ids rows that the index has of the ids of the inputs go first; else there may be
/// none.
/// @throws Error{data} naming the input that differs from the index in model, dimension or kind, or
/// has an id of the index, and as require_joinable for the inputs.
void extend_index(IndexDirectory& directory, std::span<const std::string> inputs, bool replace_ids,
                  const RowProgress& progress);

struct BuildOptions {
  std::string factory = "Flat";  ///< as make_index takes it
  std::string like;              ///< an index directory whose training is taken over; empty: none
  /// Where the index type has to learn something first, at most this many rows, evenly spread over
  /// all inputs, teach it; 256 for each of 1024 centroids.
  std::size_t train_rows = std::size_t{1} << 18;
  int threads = 0;  ///< as SearchIndex::set_threads takes it
};

/// A limited number of rows, evenly spread over all.
class RowSample {
 public:
  /// @param total rows that will be added. @param most of them that are kept, at least 1.
  RowSample(std::size_t total, std::size_t dim, std::size_t most);

  void add(MatrixView block);

  const Matrix& rows() const { return rows_; }

 private:
  std::size_t step_, seen_ = 0;
  Matrix rows_;
};

/// An index of this type without vectors, trained if it is like another one.
/// @throws as make_index; Error{data} if that one is of another model, dimension or kind.
std::unique_ptr<Index> empty_index(const BuildOptions& options, const EmbeddingHeader& header);

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
