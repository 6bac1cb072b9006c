#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// Calls visit(first, count) for all of `rows` rows, in order, `block` rows at a time.
template <typename Visit>
void visit_blocks(std::size_t rows, std::size_t block, const Visit& visit) {
  for (std::size_t first = 0; first < rows; first += block)
    visit(first, std::min(block, rows - first));
}

using RowVisitor = std::function<void(const EmbeddingRows&)>;

/// All rows of an embedding file in blocks; with `frames` one at a time, with their frames.
/// @param stop if set meanwhile (from a signal handler), no further block is read. May be null.
/// @throws Error{data}.
void visit_rows(const EmbeddingReader& reader, bool frames, const RowVisitor& visit,
                const std::atomic<bool>* stop = nullptr);

/// Whether the file begins as HDF5 files do; "-" and pipes, which cannot be looked into, are taken
/// for one.
bool is_hdf5(const std::string& path);

}  // namespace claptools
