#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace claptools {

/// A borrowed row-major matrix of float32.
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;

  std::span<const float> row(std::size_t i) const { return {data + i * cols, cols}; }
  MatrixView slice(std::size_t first, std::size_t count) const {
    return {data + first * cols, count, cols};
  }
};

/// An owned row-major matrix of float32.
struct Matrix {
  std::vector<float> data;
  std::size_t rows = 0;
  std::size_t cols = 0;

  Matrix() = default;
  Matrix(std::size_t r, std::size_t c) : data(r * c), rows(r), cols(c) {}

  std::span<float> row(std::size_t i) { return {data.data() + i * cols, cols}; }
  std::span<const float> row(std::size_t i) const { return {data.data() + i * cols, cols}; }
  MatrixView view() const { return {data.data(), rows, cols}; }
  operator MatrixView() const { return view(); }  // NOLINT(google-explicit-constructor)
};

}  // namespace claptools
