#include "claptools/search/band_levels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace claptools {
namespace {

constexpr std::size_t kFrame = 1024;  // samples
constexpr std::size_t kLeastHop = 128;
constexpr double kLowHz = 50;
constexpr double kFloor = 1e-10;  // power, -100 dB
/// Power of a full-scale sine in its strongest bin, under the window below.
constexpr double kFullScale = kFrame * kFrame / 16.0;

using Complex = std::complex<double>;

/// Periodic Hann.
const std::vector<double>& window() {
  static const std::vector<double> values = [] {
    std::vector<double> out(kFrame);
    for (std::size_t i = 0; i < kFrame; ++i)
      out[i] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kFrame);
    return out;
  }();
  return values;
}

/// exp(-2 pi i k / kFrame).
const std::vector<Complex>& roots() {
  static const std::vector<Complex> values = [] {
    std::vector<Complex> out(kFrame / 2);
    for (std::size_t k = 0; k < out.size(); ++k)
      out[k] = std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k) / kFrame);
    return out;
  }();
  return values;
}

/// The operator of std::complex looks for NaN and infinity in each product: several times as slow.
Complex product(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// In place, of kFrame values. Source: Cooley and Tukey (1965), radix 2.
void transform(std::vector<Complex>& values) {
  for (std::size_t i = 1, j = 0; i < kFrame; ++i) {  // bits of the places reversed
    std::size_t bit = kFrame / 2;
    for (; j & bit; bit /= 2) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
  const std::vector<Complex>& turns = roots();
  for (std::size_t length = 2; length <= kFrame; length *= 2) {
    for (std::size_t first = 0; first < kFrame; first += length) {
      for (std::size_t k = 0; k < length / 2; ++k) {
        Complex& low = values[first + k];
        Complex& high = values[first + k + length / 2];
        const Complex turned = product(high, turns[k * (kFrame / length)]);
        high = low - turned;
        low += turned;
      }
    }
  }
}

/// The first bin of each band, and the end of the last; each band has at least one.
std::vector<std::size_t> band_edges(int sample_rate) {
  const auto mel = [](double hz) { return std::log1p(hz / 700); };
  const double low = mel(kLowHz), high = mel(sample_rate / 2.0);
  std::vector<std::size_t> edges(BandLevels::kBands + 1);
  for (std::size_t b = 0; b < edges.size(); ++b) {
    const double at = low + (high - low) * static_cast<double>(b) / BandLevels::kBands;
    edges[b] = static_cast<std::size_t>(
        std::lround(700 * std::expm1(at) * static_cast<double>(kFrame) / sample_rate));
  }
  return edges;
}

}  // namespace

BandLevels::BandLevels(int sample_rate, std::size_t samples, std::size_t max_columns)
    : samples_(samples),
      columns_(std::clamp<std::size_t>(samples / kLeastHop, 1, max_columns)),
      hop_(std::clamp(samples / columns_, kLeastHop, kFrame / 2)),
      edges_(band_edges(sample_rate)),
      pending_(kFrame / 2),  // frames are centred
      spectrum_(kFrame),
      sums_(columns_ * kBands),
      counts_(columns_) {}

void BandLevels::push(std::span<const float> samples) {
  pushed_ += samples.size();
  pending_.insert(pending_.end(), samples.begin(), samples.end());
  add_frames();
}

void BandLevels::add_frames() {
  const std::vector<double>& shape = window();
  std::size_t first = 0;
  for (; first + kFrame <= pending_.size() && frames_ * hop_ < samples_; first += hop_) {
    for (std::size_t i = 0; i < kFrame; ++i) spectrum_[i] = pending_[first + i] * shape[i];
    add_frame();
  }
  pending_.erase(pending_.begin(),
                 pending_.begin() + static_cast<std::ptrdiff_t>(std::min(first, pending_.size())));
}

void BandLevels::add_frame() {
  transform(spectrum_);
  const std::size_t column = std::min(frames_++ * hop_ * columns_ / samples_, columns_ - 1);
  ++counts_[column];
  for (std::size_t b = 0; b < kBands; ++b) {
    const std::size_t end = std::max(edges_[b + 1], edges_[b] + 1);
    double power = 0;
    for (std::size_t bin = edges_[b]; bin < end; ++bin) power += std::norm(spectrum_[bin]);
    sums_[column * kBands + b] += power / static_cast<double>(end - edges_[b]) / kFullScale;
  }
}

Matrix BandLevels::finish() {
  const std::size_t reached = std::min((pushed_ * columns_ + samples_ - 1) / samples_, columns_);
  pending_.resize(pending_.size() + kFrame / 2);
  add_frames();
  Matrix levels(reached, kBands);
  for (std::size_t c = 0; c < reached; ++c) {
    const auto count = static_cast<double>(std::max<std::size_t>(counts_[c], 1));
    for (std::size_t b = 0; b < kBands; ++b) {
      const double power = std::max(sums_[c * kBands + b] / count, kFloor);
      levels.row(c)[b] = static_cast<float>(10 * std::log10(power));
    }
  }
  return levels;
}

}  // namespace claptools
