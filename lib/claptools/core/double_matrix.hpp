#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace claptools {

/// An owned row-major matrix of float64, for numbers that float32 would round.
struct DoubleMatrix {
  std::vector<double> data;
  std::size_t rows = 0;
  std::size_t cols = 0;

  DoubleMatrix() = default;
  DoubleMatrix(std::size_t r, std::size_t c) : data(r * c), rows(r), cols(c) {}

  std::span<const double> row(std::size_t i) const { return {data.data() + i * cols, cols}; }
};

}  // namespace claptools
