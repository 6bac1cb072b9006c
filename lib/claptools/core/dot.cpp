#include "claptools/core/dot.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "claptools/core/error.hpp"
#include "claptools/core/processors.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace claptools {
namespace {

constexpr std::size_t kRowsA = 3;  // with kRowsB sums, that fill the registers of AVX2
constexpr std::size_t kRowsB = 4;
constexpr std::size_t kBlockA = 64;  // rows of a that stay in the cache while rows of b pass by

using RowsA = std::array<const float*, kRowsA>;
using RowsB = std::array<const float*, kRowsB>;
using Tile = std::array<std::array<float, kRowsB>, kRowsA>;

/// The only place that adds on a given machine: every pair goes the same way through it, whichever
/// slot of the tile it has.
using DotTile = void (*)(const RowsA& a, const RowsB& b, std::size_t width, Tile& out);

void dot_tile(const RowsA& a, const RowsB& b, std::size_t width, Tile& out) {
  constexpr std::size_t kLanes = 4;
  using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
  Lanes sum[kRowsA][kRowsB] = {};
  const auto add = [&](std::size_t at, std::size_t count) __attribute__((always_inline)) {
    Lanes x[kRowsA] = {};
    Lanes y[kRowsB] = {};
    for (std::size_t i = 0; i < kRowsA; ++i) std::memcpy(&x[i], a[i] + at, count * sizeof(float));
    for (std::size_t j = 0; j < kRowsB; ++j) std::memcpy(&y[j], b[j] + at, count * sizeof(float));
    for (std::size_t i = 0; i < kRowsA; ++i) {
      for (std::size_t j = 0; j < kRowsB; ++j) sum[i][j] += x[i] * y[j];
    }
  };
  std::size_t at = 0;
  for (; at + kLanes <= width; at += kLanes) add(at, kLanes);
  if (at < width) add(at, width - at);  // the missing lanes are zero
  for (std::size_t i = 0; i < kRowsA; ++i) {
    for (std::size_t j = 0; j < kRowsB; ++j) {
      const Lanes& s = sum[i][j];
      out[i][j] = (s[0] + s[2]) + (s[1] + s[3]);
    }
  }
}

#if defined(__x86_64__)
CLAPTOOLS_AVX2 float sum_of(__m256 lanes) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
  return (four[0] + four[2]) + (four[1] + four[3]);
}

/// The same with lanes twice as wide and fused additions. Spelled out, because a compiler takes
/// vectors apart that the whole program's target does not have.
CLAPTOOLS_AVX2 void dot_tile_avx2(const RowsA& a, const RowsB& b, std::size_t width, Tile& out) {
  constexpr std::size_t kLanes = 8;
  __m256 sum[kRowsA][kRowsB] = {};
  std::size_t at = 0;
  for (; at + kLanes <= width; at += kLanes) {
    __m256 x[kRowsA];
    for (std::size_t i = 0; i < kRowsA; ++i) x[i] = _mm256_loadu_ps(a[i] + at);
    for (std::size_t j = 0; j < kRowsB; ++j) {
      __m256 y = _mm256_loadu_ps(b[j] + at);
      asm("" : "+x"(y));  // load it once, not in each of the additions
      for (std::size_t i = 0; i < kRowsA; ++i) sum[i][j] = _mm256_fmadd_ps(x[i], y, sum[i][j]);
    }
  }
  float rest[kRowsA + kRowsB][kLanes] = {};  // the missing lanes are zero
  for (std::size_t i = 0; i < kRowsA; ++i) std::copy(a[i] + at, a[i] + width, rest[i]);
  for (std::size_t j = 0; j < kRowsB; ++j) std::copy(b[j] + at, b[j] + width, rest[kRowsA + j]);
  for (std::size_t i = 0; i < kRowsA; ++i) {
    for (std::size_t j = 0; j < kRowsB; ++j) {
      const __m256 y = _mm256_loadu_ps(rest[kRowsA + j]);
      out[i][j] = sum_of(_mm256_fmadd_ps(_mm256_loadu_ps(rest[i]), y, sum[i][j]));
    }
  }
}

DotTile best_dot_tile() {
  return usable_instructions() >= Instructions::avx2 ? dot_tile_avx2 : dot_tile;
}
#else
DotTile best_dot_tile() { return dot_tile; }
#endif

/// `count` rows from `first`; past the end the last row stands in, so that one tile shape does for
/// all.
template <std::size_t count>
std::array<const float*, count> rows_from(MatrixView m, std::size_t first) {
  std::array<const float*, count> rows;
  for (std::size_t i = 0; i < count; ++i) rows[i] = m.row(std::min(first + i, m.rows - 1)).data();
  return rows;
}

/// Every row of b once, with all rows of a, which should stay in the cache.
void multiply_block(DotTile multiply, MatrixView a, MatrixView b, float* out) {
  Tile tile;
  for (std::size_t j = 0; j < b.rows; j += kRowsB) {
    const auto rows_b = rows_from<kRowsB>(b, j);
    const std::size_t m = std::min(kRowsB, b.rows - j);
    for (std::size_t i = 0; i < a.rows; i += kRowsA) {
      multiply(rows_from<kRowsA>(a, i), rows_b, a.cols, tile);
      for (std::size_t t = 0; t < std::min(kRowsA, a.rows - i); ++t) {
        std::copy_n(tile[t].begin(), m, out + (i + t) * b.rows + j);
      }
    }
  }
}

}  // namespace

void multiply_transposed(MatrixView a, MatrixView b, std::span<float> out) {
  if (a.cols != b.cols || out.size() != a.rows * b.rows) {
    throw Error(Fault::internal, "multiply_transposed", "shapes do not fit");
  }
  const DotTile multiply = best_dot_tile();
  for (std::size_t first = 0; first < a.rows; first += kBlockA) {
    const std::size_t count = std::min(kBlockA, a.rows - first);
    multiply_block(multiply, a.slice(first, count), b, out.data() + first * b.rows);
  }
}

}  // namespace claptools
