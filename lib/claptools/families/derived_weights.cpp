#include "claptools/families/derived_weights.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace claptools {
namespace {

/// Slaney's mel scale: linear to 1 kHz, logarithmic above.
constexpr double kLinearStep = 200.0 / 3, kBreakHz = 1000, kBreakMel = kBreakHz / kLinearStep;
constexpr double kHtkScale = 2595, kHtkHz = 700;
const double kLogStep = std::log(6.4) / 27;

double hz_to_mel(double hz, MelFilters kind) {
  if (kind == MelFilters::htk) return kHtkScale * std::log10(1 + hz / kHtkHz);
  return hz < kBreakHz ? hz / kLinearStep : kBreakMel + std::log(hz / kBreakHz) / kLogStep;
}

double mel_to_hz(double mel, MelFilters kind) {
  if (kind == MelFilters::htk) return kHtkHz * (std::pow(10, mel / kHtkScale) - 1);
  return mel < kBreakMel ? mel * kLinearStep : kBreakHz * std::exp(kLogStep * (mel - kBreakMel));
}

}  // namespace

std::vector<float> dft_matrix(int n_fft, bool imaginary) {
  const int bins = n_fft / 2 + 1;
  std::vector<float> matrix;
  matrix.reserve(static_cast<std::size_t>(bins) * static_cast<std::size_t>(n_fft));
  for (std::int64_t k = 0; k < bins; ++k) {
    for (std::int64_t n = 0; n < n_fft; ++n) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(k * n % n_fft) / n_fft;
      const double hann =
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(n) / n_fft);
      matrix.push_back(static_cast<float>(hann * (imaginary ? -std::sin(angle) : std::cos(angle))));
    }
  }
  return matrix;
}

std::vector<float> mel_filters(const AudioConfig& a) {
  const auto bins = static_cast<std::size_t>(a.n_fft) / 2 + 1,
             mels = static_cast<std::size_t>(a.n_mels);
  std::vector<double> edges(mels + 2);
  const double low = hz_to_mel(a.f_min, a.mel_filters), high = hz_to_mel(a.f_max, a.mel_filters);
  const double step = (high - low) / static_cast<double>(mels + 1);
  for (std::size_t m = 0; m < edges.size(); ++m)
    edges[m] = mel_to_hz(low + static_cast<double>(m) * step, a.mel_filters);
  edges.back() = mel_to_hz(high, a.mel_filters);
  std::vector<float> filters(bins * mels);
  for (std::size_t k = 0; k < bins; ++k) {
    const double hz = static_cast<double>(k) * a.sample_rate / a.n_fft;
    for (std::size_t m = 0; m < mels; ++m) {
      const double rising = (hz - edges[m]) / (edges[m + 1] - edges[m]);
      const double falling = (edges[m + 2] - hz) / (edges[m + 2] - edges[m + 1]);
      // librosa stores the triangle in float32 and then scales it by the area norm
      const auto triangle = static_cast<float>(std::max(0.0, std::min(rising, falling)));
      const double scale = a.mel_filters == MelFilters::htk ? 1.0 : 2.0 / (edges[m + 2] - edges[m]);
      filters[k * mels + m] = static_cast<float>(triangle * scale);
    }
  }
  return filters;
}

std::vector<std::int64_t> relative_position_index(int w) {
  std::vector<std::int64_t> index;
  for (int query = 0; query < w * w; ++query) {
    for (int key = 0; key < w * w; ++key) {
      const int dh = query / w - key / w, dw = query % w - key % w;
      index.push_back((dh + w - 1) * (2 * w - 1) + dw + w - 1);
    }
  }
  return index;
}

std::vector<float> shift_mask(int grid, int w) {
  const int shift = w / 2, windows = grid / w;
  // Which third of the shifted grid a row or column lies in; tokens of different thirds were not
  // neighbours.
  const auto third = [&](int i) { return i < grid - w ? 0 : i < grid - shift ? 1 : 2; };
  std::vector<float> mask;
  for (int window = 0; window < windows * windows; ++window) {
    const int top = window / windows * w, left = window % windows * w;
    const auto region = [&](int token) {
      return 3 * third(top + token / w) + third(left + token % w);
    };
    for (int query = 0; query < w * w; ++query) {
      for (int key = 0; key < w * w; ++key)
        mask.push_back(region(query) == region(key) ? 0.0f : -100.0f);
    }
  }
  return mask;
}

}  // namespace claptools
