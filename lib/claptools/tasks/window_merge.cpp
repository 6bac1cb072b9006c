#include "claptools/tasks/window_merge.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

/// Highest in the middle of a window, never 0: the ends of a recording are seen by one window only.
double centre_weight(std::size_t frame, std::size_t frames) {
  const double s =
      std::sin(std::numbers::pi * (static_cast<double>(frame) + 0.5) / static_cast<double>(frames));
  return s * s;
}

}  // namespace

WindowMerge::WindowMerge(std::size_t frame_samples, std::size_t classes)
    : frame_samples_(frame_samples), classes_(classes) {}

void WindowMerge::add(std::size_t start, std::size_t length, double frame, MatrixView scores) {
  if (scores.cols != classes_) {
    throw Error(Fault::data, "frame scores", "another number of classes than before");
  }
  length_ = std::max(length_, start + length);
  const auto grid = static_cast<double>(frame_samples_);
  const std::size_t last = (length_ + frame_samples_ - 1) / frame_samples_;
  sums_.resize(last * classes_);
  weights_.resize(last);
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const double offset = static_cast<double>(i) * frame;
    if (offset >= static_cast<double>(length)) break;
    const double begin = static_cast<double>(start) + offset, end = begin + frame;
    const double centre = centre_weight(i, scores.rows);
    for (auto g = static_cast<std::size_t>(begin / grid); g < last; ++g) {
      const double from = static_cast<double>(g) * grid;
      if (from >= end) break;
      const double weight = centre * (std::min(end, from + grid) - std::max(begin, from)) / grid;
      weights_[g] += weight;
      for (std::size_t c = 0; c < classes_; ++c) {
        sums_[g * classes_ + c] += weight * scores.row(i)[c];
      }
    }
  }
}

Matrix WindowMerge::finish() const {
  Matrix merged(weights_.size(), classes_);
  for (std::size_t g = 0; g < weights_.size(); ++g) {
    for (std::size_t c = 0; c < classes_; ++c) {
      merged.row(g)[c] = static_cast<float>(sums_[g * classes_ + c] / weights_[g]);
    }
  }
  return merged;
}

}  // namespace claptools
