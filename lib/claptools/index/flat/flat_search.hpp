#pragma once

#include <cstddef>
#include <vector>

#include "claptools/index/index.hpp"

namespace claptools {

/// Rows of numbers as an index file has them: float32 or float16, at any address.
struct Gallery {
  enum class Type { float32, float16 };

  const void* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;
  Type type = Type::float32;

  std::size_t row_bytes() const { return cols * (type == Type::float32 ? 4 : 2); }
  Gallery slice(std::size_t first, std::size_t count) const {
    return {static_cast<const std::byte*>(data) + first * row_bytes(), count, cols, type};
  }
  /// All rows as float32: these very bytes where they will do, else copied to `scratch`.
  MatrixView floats(std::vector<float>& scratch) const;
};

/// Exact search by blocks on OpenMP's current number of threads. A pair's score depends on the two
/// vectors only, so equal vectors tie exactly; several times as fast as FAISS's own where its BLAS
/// is not tuned.
/// @param gallery [n, dim], @param queries [m, dim], @param k at most n.
Neighbours flat_search(const Gallery& gallery, MatrixView queries, std::size_t k);

}  // namespace claptools
