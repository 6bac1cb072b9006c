#include "claptools/model/layers/window_attention.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

#include "claptools/core/processors.hpp"
#include "claptools/core/vectors.hpp"

namespace claptools {
namespace {

using Index = std::int64_t;

constexpr Index kRows = 4;                     // queries at a time: their sums stay in registers
constexpr Index kColumns = 16, kChannels = 8;  // keys are rounded up to so many, and channels

constexpr float kLog2E = 1.44269504F;  // logits are in powers of two
constexpr float kNone = -1e30F;        // logit of what is not there

constexpr Index round_up(Index n, Index multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

/// 2^x for x <= 0, to 2e-7 of its value; below -126 about 1e-38. Polynomial: Cephes' exp2f.
template <class Vector>
CLAPTOOLS_INLINE Vector power_of_two(Vector x) {
  using Integers __attribute__((vector_size(sizeof(Vector)))) = std::int32_t;

  constexpr float kRound = 12582912;  // 1.5 * 2^23: adding it leaves the integer in the low bits
  const Vector least = Vector{} - 126;
  x = x > least ? x : least;
  const Vector shifted = x + kRound;
  const Vector r = x - (shifted - kRound);
  Vector p = r * 1.535336188e-4F + 1.339887440e-3F;
  p = p * r + 9.618437357e-3F;
  p = p * r + 5.550332471e-2F;
  p = p * r + 2.402264791e-1F;
  p = p * r + 6.931472029e-1F;
  p = p * r + 1;
  Integers exponent, bits;
  std::memcpy(&exponent, &shifted, sizeof exponent);
  std::memcpy(&bits, &p, sizeof bits);
  bits += exponent << 23;
  std::memcpy(&p, &bits, sizeof p);
  return p;
}

/// One head of one window: its parts of the interleaved rows, laid out for the loops.
struct Scratch {
  Index columns, channels;     ///< tokens and channels, rounded up
  std::vector<float> keys;     ///< [head, columns], scaled; 0 where there is no token
  std::vector<float> values;   ///< [tokens, channels]
  std::vector<float> weights;  ///< [kRows, columns]
  std::vector<float> no_bias;  ///< [tokens], zeros

  Scratch(Index tokens, Index head)
      : columns(round_up(tokens, kColumns)),
        channels(round_up(head, kChannels)),
        keys(static_cast<std::size_t>(head * columns)),
        values(static_cast<std::size_t>(tokens * channels)),
        weights(static_cast<std::size_t>(kRows * columns)),
        no_bias(static_cast<std::size_t>(tokens)) {}
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

/// As many at a time as the registers hold sums of.
template <class Vector>
CLAPTOOLS_INLINE void multiply_all_keys(Scratch& scratch, const float* const (&queries)[kRows],
                                        Index head) {
  constexpr int kMax = kLanes<Vector> == 16 ? 4 : 2;
  Index column = 0;
  for (; column + kMax * kLanes<Vector> <= scratch.columns; column += kMax * kLanes<Vector>)
    multiply_keys<Vector, kMax>(scratch, queries, head, column);
  for (; column < scratch.columns; column += kLanes<Vector>)
    multiply_keys<Vector, 1>(scratch, queries, head, column);
}

/// bias[0 .. count) in the unit of the logits; where there is no token, what makes its weight 0.
template <class Vector>
CLAPTOOLS_INLINE Vector bias_part(const float* bias, Index count) {
  if (count >= kLanes<Vector>) return load<Vector>(bias) * kLog2E;
  Vector part = Vector{} + kNone;
  for (Index j = 0; j < count; ++j) part[j] = bias[j] * kLog2E;
  return part;
}

/// Logits to weights: 2^(x + bias - largest), not yet divided by their sums. The rows take turns,
/// as each waits for its own results.
template <class Vector>
CLAPTOOLS_INLINE void weigh(Scratch& scratch, const float* const (&biases)[kRows], Index tokens,
                            float (&sums)[kRows]) {
  constexpr Index kStep = kLanes<Vector>;
  float* const rows = scratch.weights.data();
  Vector largest[kRows], totals[kRows] = {};
  float most[kRows];
  for (Vector& row : largest) row = Vector{} + kNone;
  for (Index j = 0; j < scratch.columns; j += kStep) {
    for (Index r = 0; r < kRows; ++r) {
      float* const at = rows + r * scratch.columns + j;
      const Vector x = load<Vector>(at) + bias_part<Vector>(biases[r] + j, tokens - j);
      store(at, x);
      largest[r] = x > largest[r] ? x : largest[r];
    }
  }
  for (Index r = 0; r < kRows; ++r)
    most[r] = fold(largest[r], [](const auto& a, const auto& b) { return a > b ? a : b; });
  for (Index j = 0; j < scratch.columns; j += kStep) {
    for (Index r = 0; r < kRows; ++r) {
      float* const at = rows + r * scratch.columns + j;
      const Vector x = power_of_two<Vector>(load<Vector>(at) - most[r]);
      store(at, x);
      totals[r] += x;
    }
  }
  for (Index r = 0; r < kRows; ++r) sums[r] = sum_of(totals[r]);
}

/// mixed[r] = weights[r] . values / sums[r], for kVectors vectors of channels.
template <class Vector, int kVectors>
CLAPTOOLS_INLINE void mix_values(const Scratch& scratch, const float* values, Index tokens,
                                 const float (&sums)[kRows],
                                 float (&mixed)[kRows][kVectors * kLanes<Vector>]) {
  Vector results[kRows][kVectors] = {};
  for (Index j = 0; j < tokens; ++j) {
    for (Index v = 0; v < kVectors; ++v) {
      const auto value = load<Vector>(values + j * scratch.channels + v * kLanes<Vector>);
      for (Index r = 0; r < kRows; ++r)
        results[r][v] += scratch.weights[static_cast<std::size_t>(r * scratch.columns + j)] * value;
    }
  }
  for (Index r = 0; r < kRows; ++r) {
    const float share = 1 / sums[r];
    for (Index v = 0; v < kVectors; ++v)
      store(mixed[r] + v * kLanes<Vector>, Vector(results[r][v] * share));
  }
}

/// A call of memcpy takes longer than the few channels.
CLAPTOOLS_INLINE void copy_channels(const float* from, Index count, float* to) {
  Index c = 0;
  for (; c + kChannels <= count; c += kChannels) store(to + c, load<Vector8>(from + c));
  for (; c < count; ++c) to[c] = from[c];
}

template <class Vector>
CLAPTOOLS_INLINE void attend_one(Scratch& scratch, const WindowAttention& layer, const float* qkv,
                                 const float* bias, float* out) {
  const Index tokens = layer.tokens, head = layer.head, width = layer.heads * head;
  const float scale = kLog2E / std::sqrt(static_cast<float>(head));
  const float *key = qkv + width, *value = key + width;
  for (Index c = 0; c < head; ++c) {
    float* row = scratch.keys.data() + c * scratch.columns;
    for (Index t = 0; t < tokens; ++t) row[t] = key[t * 3 * width + c] * scale;
  }
  for (Index t = 0; t < tokens; ++t)
    copy_channels(value + t * 3 * width, head, scratch.values.data() + t * scratch.channels);
  for (Index first = 0; first < tokens; first += kRows) {
    const float *queries[kRows], *biases[kRows];
    for (Index r = 0; r < kRows; ++r) {
      const Index row = std::min(first + r, tokens - 1);
      queries[r] = qkv + row * 3 * width;
      biases[r] = bias ? bias + row * tokens : scratch.no_bias.data();
    }
    float sums[kRows];
    multiply_all_keys<Vector>(scratch, queries, head);
    weigh<Vector>(scratch, biases, tokens, sums);
    using Channels = std::conditional_t<(sizeof(Vector) > sizeof(Vector8)), Vector8, Vector>;
    constexpr Index kStep = kLanes<Channels>;
    const auto mix = [&]<int kVectors>(Index channel) __attribute__((always_inline)) {
      float mixed[kRows][kVectors * kStep];
      mix_values<Channels, kVectors>(scratch, scratch.values.data() + channel, tokens, sums, mixed);
      const Index count = std::clamp(head - channel, Index{0}, Index{kVectors * kStep});
      for (Index r = 0; r < std::min(kRows, tokens - first); ++r)
        copy_channels(mixed[r], count, out + (first + r) * width + channel);
    };
    Index channel = 0;
    for (; channel + 3 * kStep <= scratch.channels; channel += 3 * kStep)
      mix.template operator()<3>(channel);
    for (; channel < scratch.channels; channel += kStep) mix.template operator()<1>(channel);
  }
}

/// Asks for a part of what the next window reads and writes, while this one is computed: its rows
/// were made too long ago to be near.
void fetch_next(const WindowAttention& layer, Index window, Index head) {
  if (window + 1 == layer.windows) return;
  constexpr Index kLine = 64 / sizeof(float);
  const Index size = layer.tokens * layer.head,  // of this head's part
      first = (window + 1) * layer.heads * size + head * size;
  for (Index i = 0; i < 3 * size; i += kLine) __builtin_prefetch(layer.qkv + 3 * first + i, 0, 2);
  for (Index i = 0; i < size; i += kLine) __builtin_prefetch(layer.out + first + i, 1, 2);
}

}  // namespace

void attend_windows(const WindowAttention& layer) {
  Scratch scratch(layer.tokens, layer.head);
  const Index width = layer.heads * layer.head, map = layer.tokens * layer.tokens;
  static const auto attend =
      ForProcessors<attend_one<Vector4>, attend_one<Vector8>, attend_one<Vector16>>::choose();
  for (Index w = 0; w < layer.windows; ++w) {
    const Index row = w * layer.tokens, window = w % layer.bias_windows,
                which = layer.bias_of_window ? layer.bias_of_window[window] : window;
    for (Index h = 0; h < layer.heads; ++h) {
      fetch_next(layer, w, h);
      const float* bias = layer.bias ? layer.bias + (which * layer.heads + h) * map : nullptr;
      attend(scratch, layer, layer.qkv + row * 3 * width + h * layer.head, bias,
             layer.out + row * width + h * layer.head);
    }
  }
}

}  // namespace claptools
