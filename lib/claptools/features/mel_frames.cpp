#include "claptools/features/mel_frames.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "claptools/core/processors.hpp"
#include "claptools/core/vectors.hpp"

namespace claptools {
namespace {

using Index = std::int64_t;
using Plan = MelFrames::Plan;

/// Complex numbers, a vector of frames for each, in arrays of their parts.
template <class Vector>
struct Spectrum {
  float *real, *imaginary;

  CLAPTOOLS_INLINE Vector re(Index i) const { return load<Vector>(real + i * kLanes<Vector>); }
  CLAPTOOLS_INLINE Vector im(Index i) const { return load<Vector>(imaginary + i * kLanes<Vector>); }
  CLAPTOOLS_INLINE void set(Index i, const Vector& re, const Vector& im) const {
    store(real + i * kLanes<Vector>, re);
    store(imaginary + i * kLanes<Vector>, im);
  }
};

/// Even samples as real, odd ones as imaginary parts, in the order that the butterflies need.
template <class Vector>
CLAPTOOLS_INLINE void load_frames(const Plan& plan, const float* const* frames,
                                  const Spectrum<Vector>& z) {
  for (Index i = 0; i < plan.n_fft / 2; ++i) {
    const Index n = 2 * plan.order[static_cast<std::size_t>(i)];
    Vector even, odd;
    for (Index lane = 0; lane < kLanes<Vector>; ++lane) {
      even[lane] = frames[lane][n];
      odd[lane] = frames[lane][n + 1];
    }
    const float* const window = plan.window.data() + n;
    z.set(i, even * window[0], odd * window[1]);
  }
}

/// Fourier transform of `count` numbers from `begin` on, as far as the butterflies from `size`.
template <class Vector>
CLAPTOOLS_INLINE void transform(const Plan& plan, const Spectrum<Vector>& z, Index begin,
                                Index count, Index size) {
  for (; size <= count; size *= 2) {
    const Index half = size / 2, step = plan.n_fft / size;
    for (Index start = begin; start < begin + count; start += size) {
      for (Index k = 0; k < half; ++k) {
        const auto angle = static_cast<std::size_t>(k * step);
        const float c = plan.cosines[angle], s = plan.sines[angle];
        const Index a = start + k, b = a + half;
        const Vector re = z.re(b) * c + z.im(b) * s, im = z.im(b) * c - z.re(b) * s;
        const Vector re_a = z.re(a), im_a = z.im(a);
        z.set(a, re_a + re, im_a + im);
        z.set(b, re_a - re, im_a - im);
      }
    }
  }
}

/// [n_fft / 2 + 1] powers, from the transform of even samples + i times odd ones.
template <class Vector>
CLAPTOOLS_INLINE void take_powers(const Plan& plan, const Spectrum<Vector>& z, float* powers) {
  const Index half = plan.n_fft / 2;
  const auto put = [&](Index bin, const Vector& re, const Vector& im)
      __attribute__((always_inline)) {
    store(powers + bin * kLanes<Vector>, Vector(re * re + im * im));
  };
  put(0, z.re(0) + z.im(0), Vector{});
  put(half, z.re(0) - z.im(0), Vector{});
  for (Index k = 1; k <= half / 2; ++k) {
    const float c = plan.cosines[static_cast<std::size_t>(k)] / 2,
                s = plan.sines[static_cast<std::size_t>(k)] / 2;
    const Index mirror = half - k;
    const Vector even_re = (z.re(k) + z.re(mirror)) / 2, even_im = (z.im(k) - z.im(mirror)) / 2;
    const Vector odd_re = z.im(k) + z.im(mirror), odd_im = z.re(mirror) - z.re(k);
    const Vector re = odd_re * c + odd_im * s, im = odd_im * c - odd_re * s;
    put(k, even_re + re, even_im + im);
    put(mirror, even_re - re, even_im - im);
  }
}

template <class Vector>
CLAPTOOLS_INLINE void filter(const Plan& plan, const float* powers, Index frames, float* mels) {
  const std::size_t count = plan.first.size();
  const float* weight = plan.weights.data();
  for (std::size_t m = 0; m < count; ++m) {
    Vector sum{};
    for (Index bin = plan.first[m]; bin < plan.past_last[m]; ++bin)
      sum += load<Vector>(powers + bin * kLanes<Vector>) * *weight++;
    for (Index lane = 0; lane < frames; ++lane)
      mels[static_cast<std::size_t>(lane) * count + m] = sum[lane];
  }
}

/// @param padded the sound with its reflections, [(frames - 1) * hop + n_fft].
template <class Vector>
CLAPTOOLS_INLINE void compute_frames(const Plan& plan, const float* padded, Index frames,
                                     float* mels) {
  constexpr Index kBlock = 64;  // numbers whose vectors stay in the cache nearest to the processor
  const Index half = plan.n_fft / 2, part = half * kLanes<Vector>;
  std::vector<float> scratch(static_cast<std::size_t>(3 * part + kLanes<Vector>));
  const Spectrum<Vector> z{scratch.data(), scratch.data() + part};
  float* const powers = scratch.data() + 2 * part;
  for (Index first = 0; first < frames; first += kLanes<Vector>) {
    const float* starts[kLanes<Vector>];
    for (Index lane = 0; lane < kLanes<Vector>; ++lane)  // beyond the last one: it again
      starts[lane] = padded + std::min(first + lane, frames - 1) * plan.hop;
    load_frames(plan, starts, z);
    const Index block = std::min(kBlock, half);
    for (Index begin = 0; begin < half; begin += block) transform(plan, z, begin, block, 2);
    transform(plan, z, 0, half, 2 * block);
    take_powers(plan, z, powers);
    filter<Vector>(plan, powers, std::min(kLanes<Vector>, frames - first),
                   mels + static_cast<std::size_t>(first) * plan.first.size());
  }
}

/// [n] -> [n / 2]: each index with its bits in the opposite order.
std::vector<Index> reversed_bits(Index count) {
  std::vector<Index> order(static_cast<std::size_t>(count));
  for (std::size_t i = 1; i < order.size(); ++i)
    order[i] = order[i / 2] / 2 + (i % 2 == 1 ? count / 2 : 0);
  return order;
}

}  // namespace

MelFrames::MelFrames(std::span<const float> window, std::span<const float> filters,
                     std::int64_t hop) {
  const std::size_t n_fft = window.size(), bins = n_fft / 2 + 1, mels = filters.size() / bins;
  plan_.n_fft = static_cast<Index>(n_fft);
  plan_.hop = hop;
  plan_.window.assign(window.begin(), window.end());
  plan_.order = reversed_bits(plan_.n_fft / 2);
  for (std::size_t k = 0; k < n_fft / 2; ++k) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n_fft);
    plan_.cosines.push_back(static_cast<float>(std::cos(angle)));
    plan_.sines.push_back(static_cast<float>(std::sin(angle)));
  }
  for (std::size_t m = 0; m < mels; ++m) {
    std::size_t first = 0, past_last = bins;
    while (first < past_last && filters[first * mels + m] == 0) ++first;
    while (first < past_last && filters[(past_last - 1) * mels + m] == 0) --past_last;
    plan_.first.push_back(static_cast<Index>(first));
    plan_.past_last.push_back(static_cast<Index>(past_last));
    for (std::size_t k = first; k < past_last; ++k) plan_.weights.push_back(filters[k * mels + m]);
  }
}

void MelFrames::compute(std::span<const float> sound, float* mels) const {
  static const auto choice = ForProcessors<compute_frames<Vector4>, compute_frames<Vector8>,
                                           compute_frames<Vector16>>::choose();
  const auto edge = static_cast<std::size_t>(plan_.n_fft / 2);
  std::vector<float> padded(sound.size() + 2 * edge);
  std::ranges::copy(sound, padded.begin() + plan_.n_fft / 2);
  for (std::size_t i = 0; i < edge; ++i) {
    padded[i] = sound[edge - i];
    padded[edge + sound.size() + i] = sound[sound.size() - 2 - i];
  }
  choice(plan_, padded.data(), 1 + std::ssize(sound) / plan_.hop, mels);
}

}  // namespace claptools
