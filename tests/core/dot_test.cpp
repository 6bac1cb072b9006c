#include "claptools/core/dot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

Matrix waves(std::size_t rows, std::size_t cols, double phase) {
  Matrix m(rows, cols);
  for (std::size_t i = 0; i < m.data.size(); ++i) {
    m.data[i] = static_cast<float>(std::sin(phase + 0.7 * static_cast<double>(i)));
  }
  return m;
}

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

/// Every remainder of rows and lanes, and more rows than are taken at once.
TEST(MultiplyTransposed, AgreesWithDoubles) {
  for (const std::size_t width : {1U, 7U, 8U, 9U, 31U, 64U}) {
    for (const std::size_t rows : {1U, 2U, 3U, 4U, 5U, 67U}) {
      const Matrix a = waves(rows, width, 0);
      const Matrix b = waves(rows + 3, width, 1);
      std::vector<float> out(a.rows * b.rows);
      multiply_transposed(a, b, out);
      for (std::size_t i = 0; i < a.rows; ++i) {
        for (std::size_t j = 0; j < b.rows; ++j) {
          EXPECT_NEAR(out[i * b.rows + j], dot(a.row(i), b.row(j)), 1e-5) << width << ' ' << rows;
        }
      }
    }
  }
}

/// Ties stay ties: equal rows give equal bits, wherever they stand and whatever is beside them.
TEST(MultiplyTransposed, EqualRowsScoreEqually) {
  Matrix a = waves(70, 1021, 0);
  Matrix b = waves(11, 1021, 1);
  for (std::size_t i = 1; i < a.rows; ++i) std::copy_n(a.data.begin(), a.cols, a.row(i).begin());
  for (std::size_t j = 1; j < b.rows; ++j) std::copy_n(b.data.begin(), b.cols, b.row(j).begin());
  std::vector<float> out(a.rows * b.rows);
  multiply_transposed(a, b, out);
  float alone = 0;
  multiply_transposed(a.view().slice(3, 1), b.view().slice(2, 1), {&alone, 1});
  for (const float value : out) EXPECT_EQ(value, alone);
}

TEST(MultiplyTransposed, RefusesShapesThatDoNotFit) {
  std::vector<float> out(4);
  EXPECT_THROW(multiply_transposed(Matrix(2, 3), Matrix(2, 4), out), Error);
  EXPECT_THROW(multiply_transposed(Matrix(2, 3), Matrix(3, 3), out), Error);
}

}  // namespace
}  // namespace claptools
