#include "claptools/audio/resampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr int kMaxRate = 768000;
constexpr double kWidth = 6;  // zero crossings on either side
constexpr double kRolloff = 0.99;
constexpr std::size_t kLanes =
    8;  // two SSE registers of partial sums hide the latency of an addition

void check_rate(int rate) {
  if (rate >= 1 && rate <= kMaxRate) return;
  throw Error(Fault::data, "sample rate " + std::to_string(rate),
              "outside 1 to " + std::to_string(kMaxRate) + " Hz");
}

double windowed_sinc(double t) {
  const double x = std::numbers::pi * t;
  const double window = std::cos(x / (2 * kWidth));
  return (t == 0 ? 1 : std::sin(x) / x) * window * window;
}

/// The partial sums are spelt out so that the compiler vectorises them without leave to reorder
/// sums.
float dot(const float* a, const float* b, std::size_t size) {
  std::array<float, kLanes> sums{};
  for (std::size_t i = 0; i < size; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

}  // namespace

Resampler::Resampler(int from_rate, int to_rate) {
  check_rate(from_rate);
  check_rate(to_rate);
  const int divisor = std::gcd(from_rate, to_rate);
  step_ = static_cast<std::size_t>(from_rate / divisor);
  phases_ = from_rate == to_rate ? 0 : static_cast<std::size_t>(to_rate / divisor);
  if (phases_ > 0) build_kernel();
}

void Resampler::build_kernel() {
  const auto step = static_cast<double>(step_);
  const auto phases = static_cast<double>(phases_);
  const double base = static_cast<double>(std::min(step_, phases_)) * kRolloff;
  const double half_width = kWidth * step / base;  // input samples
  // Beyond the half width a tap rounds to exactly 0, so that only those near the centre are kept.
  const auto support = static_cast<std::size_t>(std::ceil(2 * half_width)) + 1;
  taps_ = (support + kLanes - 1) / kLanes * kLanes;
  kernel_.resize(phases_ * taps_);
  offset_.resize(phases_);
  for (std::size_t p = 0; p < phases_; ++p) {
    const double centre = static_cast<double>(p) / phases;  // in rounds
    const double first = std::floor(centre * step - half_width);
    offset_[p] = static_cast<std::ptrdiff_t>(first);
    for (std::size_t tap = 0; tap < taps_; ++tap) {
      const double t = (-centre + (first + static_cast<double>(tap)) / step) * base;
      const double value = windowed_sinc(std::clamp(t, -kWidth, kWidth)) * base / step;
      kernel_[p * taps_ + tap] = static_cast<float>(value);
    }
  }
  round_start_ = -offset_[0];
  history_.assign(static_cast<std::size_t>(round_start_), 0.0F);  // silence before the first sample
}

void Resampler::push(std::span<const float> input, std::vector<float>& output) {
  inputs_ += input.size();
  if (phases_ == 0) {
    output.insert(output.end(), input.begin(), input.end());
    return;
  }
  history_.insert(history_.end(), input.begin(), input.end());
  // An output waits for samples beyond its own time: more than ceil(to * inputs / from) cannot
  // come.
  filter(std::numeric_limits<std::uint64_t>::max(), output);
}

void Resampler::finish(std::vector<float>& output) {
  if (phases_ == 0) return;
  history_.insert(history_.end(), taps_, 0.0F);  // silence behind the last sample
  filter(length(0), output);
}

std::uint64_t Resampler::length(std::uint64_t further) const {
  const std::uint64_t inputs = inputs_ + further;
  return phases_ == 0 ? inputs : (inputs * phases_ + step_ - 1) / step_;
}

void Resampler::filter(std::uint64_t output_limit, std::vector<float>& output) {
  const std::ptrdiff_t last = std::ssize(history_) - static_cast<std::ptrdiff_t>(taps_);
  std::ptrdiff_t begin = round_start_ + offset_[phase_];
  while (begin <= last && outputs_ < output_limit) {
    output.push_back(
        dot(&history_[static_cast<std::size_t>(begin)], &kernel_[phase_ * taps_], taps_));
    ++outputs_;
    if (++phase_ == phases_) {
      phase_ = 0;
      round_start_ += static_cast<std::ptrdiff_t>(step_);
    }
    begin = round_start_ + offset_[phase_];
  }
  const auto used = std::min(begin, std::ssize(history_));
  history_.erase(history_.begin(), history_.begin() + used);
  round_start_ -= used;
}

}  // namespace claptools
