#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "claptools/store/embedding_file.hpp"

namespace claptools::cmd {

using RowVisitor = std::function<void(const EmbeddingRows&)>;

/// All rows of an embedding file in blocks; with `frames` one at a time, with their frames.
/// @param stop when set (from a signal handler), no further block is read.
/// @throws Error{data}.
void visit_rows(const EmbeddingReader& reader, bool frames, const RowVisitor& visit,
                const std::atomic<bool>& stop);

/// Whether the file begins as HDF5 files do; "-" and pipes, which cannot be looked into, are taken
/// for one.
bool is_hdf5(const std::string& path);

}  // namespace claptools::cmd
