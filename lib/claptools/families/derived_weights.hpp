#pragma once

#include <cstdint>
#include <vector>

#include "claptools/families/towers.hpp"

namespace claptools {

/// Mel filters as librosa makes them, of the scale and normalisation that the configuration names.
/// [n_fft/2 + 1, n_mels], row-major. Source: docs/reference/pipeline.md, step 5.
std::vector<float> mel_filters(const AudioConfig& config);

/// Real or imaginary part of the DFT under a periodic Hann window, [n_fft/2 + 1, 1, n_fft].
std::vector<float> dft_matrix(int n_fft, bool imaginary);

/// For each (query, key) of a window its row in the bias table: (dh + w - 1) * (2w - 1) + dw + w
/// - 1. [w*w, w*w]. Source: docs/reference/pipeline.md, step 10.
std::vector<std::int64_t> relative_position_index(int window_size);

/// 0 where two tokens of a shifted window were neighbours before the shift, else -100. [windows,
/// w*w, w*w]. Source: docs/reference/pipeline.md, step 10.
std::vector<float> shift_mask(int grid, int window_size);

}  // namespace claptools
