#pragma once

#include <cstdint>

namespace claptools {

/// Layer normalisation of rows, of [rows, width] to [rows, width].
struct RowNorm {
  std::int64_t rows, width;
  const float *weight, *bias;  ///< [width]
  float eps;
};

/// out = (x - mean) / sqrt(variance + eps) * weight + bias, each row by itself. A row is read from
/// memory once; LibTorch's kernel keeps running moments, which takes twice as long where rows
/// are as short as here.
void normalise_rows(const RowNorm& norm, const float* x, float* out);

}  // namespace claptools
