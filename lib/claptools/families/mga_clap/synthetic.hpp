#pragma once

#include <string_view>

#include "claptools/checkpoints/weight_set.hpp"
#include "claptools/families/mga_clap/config.hpp"

namespace claptools {

/// Weights made from parameter names alone ("mga-synth-1"): a model without a download, the same on
/// every machine, whose outputs are known. Buffers of the official state dict are included. Source:
/// docs/reference/pipeline.md, "Generated weights".
/// @param salt what keeps two models apart, e.g. "full-1".
/// @param projection_gain G of the rules: 8 for the full configuration, 64 for the tiny one.
WeightSet synthetic_weights(const ModelConfig& config, std::string_view salt,
                            double projection_gain);

}  // namespace claptools
