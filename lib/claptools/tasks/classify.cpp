#include "claptools/tasks/classify.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "claptools/core/dot.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

bool better(const RankedClass& a, const RankedClass& b) {
  return a.score > b.score || (a.score == b.score && a.index < b.index);
}

}  // namespace

Matrix cosine_scores(MatrixView rows, MatrixView prompts) {
  if (rows.cols != prompts.cols) {
    throw Error(Fault::data, "prompts",
                "width " + std::to_string(prompts.cols) + " differs from " +
                    std::to_string(rows.cols) + " of the rows to classify");
  }
  Matrix scores(rows.rows, prompts.rows);
  multiply_transposed(rows, prompts, scores.data);
  return scores;
}

void subtract_background(Matrix& scores, MatrixView background) {
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const float highest = *std::ranges::max_element(background.row(i));
    for (float& score : scores.row(i)) score = std::clamp(score - highest, -1.0F, 1.0F);
  }
}

std::vector<float> softmax(std::span<const float> scores, double scale) {
  if (scores.empty()) return {};
  const double largest = *std::ranges::max_element(scores);  // which keeps exp() finite
  std::vector<double> powers;
  double sum = 0;
  for (const float score : scores) sum += powers.emplace_back(std::exp(scale * (score - largest)));
  std::vector<float> probabilities;
  for (const double power : powers) probabilities.push_back(static_cast<float>(power / sum));
  return probabilities;
}

std::vector<RankedClass> top_classes(std::span<const float> scores, std::size_t k) {
  std::vector<RankedClass> ranked(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) ranked[i] = {i, scores[i]};
  k = std::min(k, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(k), ranked.end(),
                    better);
  ranked.resize(k);
  return ranked;
}

std::vector<RankedClass> classes_above(std::span<const float> scores,
                                       std::span<const double> thresholds) {
  std::vector<RankedClass> ranked;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (static_cast<double>(scores[i]) > thresholds[i]) ranked.push_back({i, scores[i]});
  }
  std::sort(ranked.begin(), ranked.end(), better);
  return ranked;
}

}  // namespace claptools
