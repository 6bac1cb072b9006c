#pragma once

#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/mga_clap/config.hpp"

namespace claptools {

/// The official state dict of a configuration, under the official names, in the official order.
/// Source: docs/reference/pipeline.md.
std::vector<Parameter> model_parameters(const ModelConfig& config);

/// What the shapes of a checkpoint tell about its configuration; the rest is taken from `base`.
/// @throws Error{data} naming the weight whose absence or rank makes that impossible.
ModelConfig infer_config(const WeightSet& weights, const ModelConfig& base,
                         std::string_view subject);

}  // namespace claptools
