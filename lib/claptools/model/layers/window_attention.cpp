#include "claptools/model/layers/window_attention.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <vector>

#include "claptools/core/processors.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // what takes or returns a vector is always inlined
#endif
#define CLAPTOOLS_INLINE [[gnu::always_inline]] inline

namespace claptools {
namespace {

using Index = std::int64_t;

constexpr Index kRows = 4;                     // queries at a time: their sums stay in registers
constexpr Index kColumns = 16, kChannels = 8;  // keys are rounded up to so many, and channels

using Vector16 __attribute__((vector_size(64))) = float;
using Vector8 __attribute__((vector_size(32))) = float;
using Vector4 __attribute__((vector_size(16))) = float;

template <class Vector>
constexpr Index kLanes = sizeof(Vector) / sizeof(float);

template <class Vector>
CLAPTOOLS_INLINE Vector load(const float* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

template <class Vector>
CLAPTOOLS_INLINE void store(float* to, const Vector& vector) {
  std::memcpy(to, &vector, sizeof vector);
}

constexpr Index round_up(Index n, Index multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

/// e^x for x <= 0, to 1e-7 of its value; below -87 about 1e-38. Polynomial: Cephes' expf.
template <class Vector>
CLAPTOOLS_INLINE void exponential(Vector& x) {
  using Integers __attribute__((vector_size(sizeof(Vector)))) = std::int32_t;

  constexpr float kRound = 12582912;  // 1.5 * 2^23: adding it leaves the integer in the low bits
  const Vector least = Vector{} - 87;
  x = x > least ? x : least;
  const Vector shifted = x * 1.44269504F + kRound;
  const Vector n = shifted - kRound;
  const Vector r = x - n * 0.693359375F + n * 2.12194440e-4F;
  Vector p = r * 1.9875691500e-4F + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * (r * r) + r + 1;
  Integers power;
  std::memcpy(&power, &shifted, sizeof power);
  power = (power << 23) + 0x3f800000;
  Vector scale;
  std::memcpy(&scale, &power, sizeof scale);
  x = p * scale;
}

/// One head of one window: its parts of the interleaved rows, laid out for the loops.
struct Scratch {
  Index columns, channels;     ///< tokens and channels, rounded up
  std::vector<float> keys;     ///< [head, columns], scaled
  std::vector<float> values;   ///< [tokens, channels]
  std::vector<float> weights;  ///< [kRows, columns]

  Scratch(Index tokens, Index head)
      : columns(round_up(tokens, kColumns)),
        channels(round_up(head, kChannels)),
        keys(static_cast<std::size_t>(head * columns)),
        values(static_cast<std::size_t>(tokens * channels)),
        weights(static_cast<std::size_t>(kRows * columns)) {}
};

/// weights[r] = queries[r] . keys from column j on, for the rows of one block.
template <class Vector, int kVectors>
CLAPTOOLS_INLINE void multiply_keys(Scratch& scratch, const float* const (&queries)[kRows],
                                    Index head, Index j) {
  Vector sums[kRows][kVectors] = {};
  for (Index c = 0; c < head; ++c) {
    const float* const keys = scratch.keys.data() + c * scratch.columns + j;
    for (Index v = 0; v < kVectors; ++v) {
      const auto part = load<Vector>(keys + v * kLanes<Vector>);
      for (Index r = 0; r < kRows; ++r) sums[r][v] += queries[r][c] * part;
    }
  }
  for (Index r = 0; r < kRows; ++r) {
    for (Index v = 0; v < kVectors; ++v)
      store(scratch.weights.data() + r * scratch.columns + j + v * kLanes<Vector>, sums[r][v]);
  }
}

/// All parts of a vector by an operation of two, halves at a time.
template <class Operation>
CLAPTOOLS_INLINE float fold(const Vector8& x, Operation operation) {
  const Vector4 four = operation(__builtin_shufflevector(x, x, 0, 1, 2, 3),
                                 __builtin_shufflevector(x, x, 4, 5, 6, 7));
  const Vector4 two = operation(four, __builtin_shufflevector(four, four, 2, 3, 0, 1));
  return operation(two, __builtin_shufflevector(two, two, 1, 0, 3, 2))[0];
}

template <class Operation>
CLAPTOOLS_INLINE float fold(const Vector16& x, Operation operation) {
  const Vector8 eight = operation(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7),
                                  __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15));
  return fold(eight, operation);
}

/// One row: e^(x + bias - largest), not yet divided by its sum, which is returned.
template <class Vector>
CLAPTOOLS_INLINE float weigh(float* row, const float* bias, Index tokens, Index columns) {
  if (bias)
    for (Index j = 0; j < tokens; ++j) row[j] += bias[j];
  for (Index j = tokens; j < columns; ++j) row[j] = std::numeric_limits<float>::lowest();
  Vector largest = load<Vector>(row);
  for (Index j = kLanes<Vector>; j < columns; j += kLanes<Vector>) {
    const auto x = load<Vector>(row + j);
    largest = x > largest ? x : largest;
  }
  const float most = fold(largest, [](const auto& a, const auto& b) { return a > b ? a : b; });
  Vector sums{};
  for (Index j = 0; j < columns; j += kLanes<Vector>) {
    Vector x = load<Vector>(row + j) - most;
    exponential(x);
    store(row + j, x);
    sums += x;
  }
  return fold(sums, [](const auto& a, const auto& b) { return a + b; });
}

/// mixed[r] = weights[r] . values / sums[r], for kVectors * kChannels channels.
template <int kVectors>
CLAPTOOLS_INLINE void mix_values(const Scratch& scratch, const float* values, Index tokens,
                                 const float (&sums)[kRows],
                                 float (&mixed)[kRows][kVectors * kChannels]) {
  Vector8 results[kRows][kVectors] = {};
  for (Index j = 0; j < tokens; ++j) {
    for (Index v = 0; v < kVectors; ++v) {
      const auto value = load<Vector8>(values + j * scratch.channels + v * kChannels);
      for (Index r = 0; r < kRows; ++r)
        results[r][v] += scratch.weights[static_cast<std::size_t>(r * scratch.columns + j)] * value;
    }
  }
  for (Index r = 0; r < kRows; ++r) {
    for (Index v = 0; v < kVectors; ++v) {
      const Vector8 result = results[r][v] / sums[r];
      store(mixed[r] + v * kChannels, result);
    }
  }
}

template <class Vector>
CLAPTOOLS_INLINE void attend_one(Scratch& scratch, const WindowAttention& layer, const float* qkv,
                                 const float* bias, float* out) {
  const Index tokens = layer.tokens, head = layer.head, width = layer.heads * head;
  const float scale = 1 / std::sqrt(static_cast<float>(head));
  const float *key = qkv + width, *value = key + width;
  for (Index c = 0; c < head; ++c) {
    float* row = scratch.keys.data() + c * scratch.columns;
    for (Index t = 0; t < tokens; ++t) row[t] = key[t * 3 * width + c] * scale;
  }
  for (Index t = 0; t < tokens; ++t)
    std::copy_n(value + t * 3 * width, head, scratch.values.data() + t * scratch.channels);
  for (Index first = 0; first < tokens; first += kRows) {
    const float* queries[kRows];
    const auto row = [&](Index r) { return std::min(first + r, tokens - 1); };
    for (Index r = 0; r < kRows; ++r) queries[r] = qkv + row(r) * 3 * width;
    Index column = 0;
    constexpr Index kPair = 2 * kLanes<Vector>;
    for (; column + kPair <= scratch.columns; column += kPair)
      multiply_keys<Vector, 2>(scratch, queries, head, column);
    if (column < scratch.columns) multiply_keys<Vector, 1>(scratch, queries, head, column);
    float sums[kRows];
    for (Index r = 0; r < kRows; ++r) {
      sums[r] = weigh<Vector>(scratch.weights.data() + r * scratch.columns,
                              bias ? bias + row(r) * tokens : nullptr, tokens, scratch.columns);
    }
    const auto mix = [&]<int kVectors>(Index channel) __attribute__((always_inline)) {
      float mixed[kRows][kVectors * kChannels];
      mix_values<kVectors>(scratch, scratch.values.data() + channel, tokens, sums, mixed);
      const Index count = std::min(head - channel, Index{kVectors * kChannels});
      for (Index r = 0; r < std::min(kRows, tokens - first); ++r)
        std::copy_n(mixed[r], count, out + (first + r) * width + channel);
    };
    Index channel = 0;
    for (; channel + 3 * kChannels <= scratch.channels; channel += 3 * kChannels)
      mix.template operator()<3>(channel);
    for (; channel < scratch.channels; channel += kChannels) mix.template operator()<1>(channel);
  }
}

}  // namespace

void attend_windows(const WindowAttention& layer) {
  Scratch scratch(layer.tokens, layer.head);
  const Index width = layer.heads * layer.head, map = layer.tokens * layer.tokens;
  static const auto attend = ForProcessors<attend_one<Vector8>, attend_one<Vector16>>::choose();
  for (Index w = 0; w < layer.windows; ++w) {
    const Index row = w * layer.tokens;
    for (Index h = 0; h < layer.heads; ++h) {
      const float* bias =
          layer.bias ? layer.bias + (w % layer.bias_windows * layer.heads + h) * map : nullptr;
      attend(scratch, layer, layer.qkv + row * 3 * width + h * layer.head, bias,
             layer.out + row * width + h * layer.head);
    }
  }
}

}  // namespace claptools
