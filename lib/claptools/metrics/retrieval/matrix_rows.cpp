#include "claptools/metrics/retrieval/matrix_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "claptools/core/error.hpp"

namespace claptools {

Matrix rows_of(MatrixView all, std::span<const std::size_t> rows) {
  Matrix some(rows.size(), all.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(all.row(rows[i]), some.row(i).begin());
  }
  return some;
}

void check_finite(std::span<const float> row, std::string_view what, std::size_t index) {
  if (!std::all_of(row.begin(), row.end(), [](float x) { return std::isfinite(x); })) {
    throw Error(Fault::data, what, "row " + std::to_string(index) + " is not finite");
  }
}

Matrix unit_rows_of(MatrixView rows, std::string_view what) {
  Matrix unit(rows.rows, rows.cols);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto row = rows.row(i);
    check_finite(row, what, i);
    double square = 0;
    for (const float x : row) square += double{x} * x;
    if (square == 0) throw Error(Fault::data, what, "row " + std::to_string(i) + " is zero");
    const auto norm = static_cast<float>(std::max(std::sqrt(square), 1e-12));
    std::transform(row.begin(), row.end(), unit.row(i).begin(),
                   [norm](float x) { return x / norm; });
  }
  return unit;
}

}  // namespace claptools
