#include "claptools/tasks/postprocess.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// The sample that stands at position `i` of the mirrored sequence: d c b a | a b c d | d c b a ...
std::size_t mirrored(std::ptrdiff_t i, std::ptrdiff_t length) {
  const std::ptrdiff_t period = 2 * length;
  i = (i % period + period) % period;
  return static_cast<std::size_t>(i < length ? i : period - 1 - i);
}

template <typename Real>
std::vector<Real> filter(std::span<const Real> scores, std::size_t window) {
  if (window == 0) throw Error(Fault::usage, "median filter", "a window of 0 frames");
  const auto length = static_cast<std::ptrdiff_t>(scores.size());
  const auto half = static_cast<std::ptrdiff_t>(window / 2);
  std::vector<Real> filtered(scores.size());
  std::vector<Real> sorted(window);
  for (std::ptrdiff_t i = 0; i < length; ++i) {
    for (std::size_t w = 0; w < window; ++w) {
      sorted[w] = scores[mirrored(i - half + static_cast<std::ptrdiff_t>(w), length)];
    }
    const auto middle = sorted.begin() + half;
    std::nth_element(sorted.begin(), middle, sorted.end());
    filtered[static_cast<std::size_t>(i)] = *middle;
  }
  return filtered;
}

template <typename Real>
std::vector<FrameRun> events_above(std::span<const Real> probabilities, Real threshold,
                                   std::size_t window, std::size_t max_gap) {
  std::vector<float> binary(probabilities.size());
  std::ranges::transform(probabilities, binary.begin(),
                         [threshold](Real p) { return p > threshold ? 1.F : 0.F; });
  return join_runs(runs_above(median_filter(std::span<const float>(binary), window), 0.5), max_gap);
}

}  // namespace

std::vector<float> median_filter(std::span<const float> scores, std::size_t window) {
  return filter(scores, window);
}

std::vector<double> median_filter(std::span<const double> scores, std::size_t window) {
  return filter(scores, window);
}

Matrix median_filter(MatrixView scores, std::size_t window) {
  Matrix filtered(scores.rows, scores.cols);
  std::vector<float> column(scores.rows);
  for (std::size_t c = 0; c < scores.cols; ++c) {
    for (std::size_t t = 0; t < scores.rows; ++t) column[t] = scores.row(t)[c];
    const auto medians = median_filter(std::span<const float>(column), window);
    for (std::size_t t = 0; t < scores.rows; ++t) filtered.row(t)[c] = medians[t];
  }
  return filtered;
}

std::vector<float> sigmoid(std::span<const float> x) {
  std::vector<float> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), [](float value) {
    return static_cast<float>(1.0 / (1.0 + std::exp(-static_cast<double>(value))));
  });
  return y;
}

std::vector<double> sigmoid(std::span<const double> x) {
  std::vector<double> y(x.size());
  std::ranges::transform(x, y.begin(), [](double value) { return 1.0 / (1.0 + std::exp(-value)); });
  return y;
}

std::vector<FrameRun> runs_above(std::span<const float> scores, double threshold) {
  std::vector<FrameRun> runs;
  bool inside = false;
  for (std::size_t t = 0; t < scores.size(); ++t) {
    const bool above = static_cast<double>(scores[t]) > threshold;
    if (above && !inside) runs.push_back({t, t});
    if (above) runs.back().offset = t + 1;
    inside = above;
  }
  return runs;
}

std::vector<FrameRun> join_runs(std::span<const FrameRun> runs, std::size_t max_gap) {
  std::vector<FrameRun> joined;
  for (const FrameRun& run : runs) {
    if (!joined.empty() && run.onset - joined.back().offset <= max_gap) {
      joined.back().offset = run.offset;
    } else {
      joined.push_back(run);
    }
  }
  return joined;
}

std::vector<FrameRun> grounding_events(std::span<const float> probabilities, double threshold,
                                       std::size_t window, std::size_t max_gap) {
  return events_above(probabilities, static_cast<float>(threshold), window, max_gap);
}

std::vector<FrameRun> grounding_events(std::span<const double> probabilities, double threshold,
                                       std::size_t window, std::size_t max_gap) {
  return events_above(probabilities, threshold, window, max_gap);
}

}  // namespace claptools
