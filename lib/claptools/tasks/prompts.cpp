#include "claptools/tasks/prompts.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// @return false if there is no direction.
bool average(MatrixView rows, std::span<float> mean) {
  std::vector<double> sum(rows.cols);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t d = 0; d < rows.cols; ++d) sum[d] += rows.row(i)[d];
  }
  double square = 0;
  for (const double x : sum) square += x * x;
  const double norm = std::sqrt(square);
  std::ranges::transform(sum, mean.begin(), [&](double x) { return static_cast<float>(x / norm); });
  return norm > 1e-6;
}

}  // namespace

Matrix average_prompts(MatrixView embeddings, std::span<const std::vector<std::string>> prompts) {
  Matrix rows(prompts.size(), embeddings.cols);
  std::size_t first = 0;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const std::size_t count = prompts[i].size();
    if (count == 1) {
      std::ranges::copy(embeddings.row(first), rows.row(i).begin());
    } else if (!average(embeddings.slice(first, count), rows.row(i))) {
      throw Error(Fault::data, prompts[i][0], "the prompts of this label cancel out");
    }
    first += count;
  }
  return rows;
}

}  // namespace claptools
