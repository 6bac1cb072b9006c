#include "claptools/index/duplicates/directions.hpp"

#include <cmath>
#include <span>
#include <vector>

#include "claptools/core/dot.hpp"
#include "claptools/core/random.hpp"

namespace claptools {
namespace {

constexpr int kIterations = 6;
constexpr double kDependent = 1e-4;  // of a row's length: what is less is rounding

Matrix transposed(MatrixView m) {
  Matrix t(m.cols, m.rows);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.cols; ++c) t.data[c * m.rows + r] = m.data[r * m.cols + c];
  return t;
}

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

/// Gram and Schmidt's way, twice, which is enough for the precision of float32.
void orthonormalise(Matrix& rows) {
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto row = rows.row(i);
    const double before = std::sqrt(dot(row, row));
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t j = 0; j < i; ++j) {
        const auto other = rows.row(j);
        const auto along = static_cast<float>(dot(row, other));
        for (std::size_t d = 0; d < row.size(); ++d) row[d] -= along * other[d];
      }
    }
    const double length = std::sqrt(dot(row, row));
    const double scale = length > kDependent * before ? 1 / length : 0;
    for (float& x : row) x = static_cast<float>(x * scale);
  }
}

Matrix centred(MatrixView sample) {
  std::vector<double> mean(sample.cols);
  for (std::size_t r = 0; r < sample.rows; ++r)
    for (std::size_t d = 0; d < sample.cols; ++d) mean[d] += double{sample.row(r)[d]};
  Matrix rows(sample.rows, sample.cols);
  for (std::size_t r = 0; r < sample.rows; ++r)
    for (std::size_t d = 0; d < sample.cols; ++d)
      rows.row(r)[d] =
          static_cast<float>(sample.row(r)[d] - mean[d] / static_cast<double>(sample.rows));
  return rows;
}

}  // namespace

Matrix principal_directions(MatrixView sample, std::size_t count) {
  const Matrix rows = centred(sample), columns = transposed(rows);
  Matrix directions(count, sample.cols);
  Random random(1);
  for (float& x : directions.data) x = static_cast<float>(random.normal());
  orthonormalise(directions);
  Matrix along(rows.rows, count);
  for (int i = 0; i < kIterations; ++i) {
    multiply_transposed(rows, directions, along.data);
    multiply_transposed(transposed(along), columns, directions.data);
    orthonormalise(directions);
  }
  return directions;
}

}  // namespace claptools
