#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "mgaclap/families/mga_clap/config.hpp"
#include "mgaclap/families/mga_clap/parameters.hpp"

namespace mgaclap {

/// Mel filters as librosa makes them: Slaney's scale and area normalisation. [n_fft/2 + 1, n_mels],
/// row-major. Source: goldens README, step 5.
std::vector<float> mel_filters(const AudioConfig& config);

/// For each (query, key) of a window its row in the bias table: (dh + w - 1) * (2w - 1) + dw + w
/// - 1. [w*w, w*w]. Source: goldens README, step 10.
std::vector<std::int64_t> relative_position_index(int window_size);

/// 0 where two tokens of a shifted window were neighbours before the shift, else -100. [windows,
/// w*w, w*w]. Source: goldens README, step 10.
std::vector<float> shift_mask(int grid, int window_size);

/// The bytes of a state-dict entry that follows from the configuration, or nothing if it is a
/// weight.
std::optional<std::vector<std::byte>> official_buffer(const ModelConfig& config,
                                                      const Parameter& parameter);

}  // namespace mgaclap
