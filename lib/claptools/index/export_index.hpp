#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "claptools/index/index_input.hpp"

namespace claptools {

/// The vectors as a float32 matrix [rows, dim] that numpy.load reads (NPY format 1.0).
/// @param sink gets the file piece by piece. @throws what the sink throws, as IndexInput::vectors.
void export_vectors(const IndexInput& source,
                    const std::function<void(std::span<const std::byte>)>& sink);

/// A file as ann-benchmarks reads it.
struct AnnOptions {
  std::string output;
  std::string queries;  ///< an embedding file
  std::size_t k = 100;  ///< neighbours per query; fewer if there are fewer vectors
};

/// Writes the vectors, queries and their exact neighbours among the vectors as the index gives them
/// back. @param index directory that `source` is.
/// @throws Error{data} for queries of another model, {no_input}; as AnnFile.
void export_ann(const IndexInput& source, const std::string& index, const AnnOptions& options,
                int threads, bool overwrite);

}  // namespace claptools
