#include "claptools/tasks/explain.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

double squared_norm(std::span<const double> x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return sum;
}

std::vector<double> mixture(std::span<const float> weights, MatrixView codewords) {
  std::vector<double> sum(codewords.cols);
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (weights[k] == 0) continue;
    for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += double{weights[k]} * codewords.row(k)[d];
  }
  return sum;
}

void add_scaled(std::vector<double>& sum, std::span<const float> weights, double scale) {
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += scale * weights[k];
}

/// Sparsemax takes one threshold off all affinities; a codeword's weight is what its best frame has
/// above it.
std::vector<std::size_t> active_frames(MatrixView affinities, std::size_t codeword, float weight) {
  float best = affinities.row(0)[codeword];
  for (std::size_t f = 1; f < affinities.rows; ++f)
    best = std::max(best, affinities.row(f)[codeword]);
  std::vector<std::size_t> frames;
  for (std::size_t f = 0; f < affinities.rows; ++f) {
    if (affinities.row(f)[codeword] > best - weight) frames.push_back(f);
  }
  return frames;
}

}  // namespace

std::vector<float> average_weights(std::span<const std::vector<float>> weights,
                                   MatrixView codewords) {
  if (weights.size() == 1) return weights[0];
  std::vector<double> sum(codewords.rows);
  for (const auto& one : weights) {
    const double norm = std::sqrt(squared_norm(mixture(one, codewords)));
    if (norm > 0) add_scaled(sum, one, 1 / norm);
  }
  double total = 0;
  for (const double weight : sum) total += weight;
  std::vector<float> mean(sum.size());
  std::ranges::transform(sum, mean.begin(),
                         [&](double w) { return static_cast<float>(w / total); });
  return mean;
}

std::vector<SharedCodeword> explain_match(std::span<const float> audio_weights,
                                          MatrixView audio_affinities,
                                          std::span<const float> text_weights, MatrixView codewords,
                                          std::size_t most) {
  if (audio_weights.size() != codewords.rows || text_weights.size() != codewords.rows ||
      audio_affinities.cols != codewords.rows || audio_affinities.rows == 0) {
    throw Error(Fault::internal, "codewords", "weights and codebook do not fit");
  }
  const double scale = std::sqrt(squared_norm(mixture(audio_weights, codewords)) *
                                 squared_norm(mixture(text_weights, codewords)));
  std::vector<SharedCodeword> shared;
  for (std::size_t k = 0; k < codewords.rows; ++k) {
    if (audio_weights[k] <= 0 || text_weights[k] <= 0) continue;
    const auto row = codewords.row(k);
    const double square = squared_norm(std::vector<double>(row.begin(), row.end()));
    shared.push_back({k,
                      audio_weights[k],
                      text_weights[k],
                      audio_weights[k] * text_weights[k] * square / scale,
                      {}});
  }
  std::ranges::stable_sort(shared, std::greater{}, &SharedCodeword::contribution);
  shared.resize(std::min(shared.size(), most));
  for (SharedCodeword& code : shared)
    code.frames = active_frames(audio_affinities, code.index, code.audio_weight);
  return shared;
}

}  // namespace claptools
