#pragma once

#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/ms_clap/config.hpp"

namespace claptools::ms_clap {

// Prefixes of the names of weights.
inline constexpr const char* kAudioTower = "audio_encoder.base.htsat.";
inline constexpr const char* kTextTower = "caption_encoder.base.";
inline constexpr const char* kAudioHead = "audio_encoder.projection";
inline constexpr const char* kTextHead = "caption_encoder.projection";
inline constexpr const char* kFilters = "audio_encoder.base.htsat.logmel_extractor.melW";

/// The state dict of a configuration. Source: goldens-families README, section 7.
std::vector<Parameter> model_parameters(const Config& config);

/// What the shapes of a checkpoint tell about its configuration; the rest is taken from `base`.
/// @throws Error{data} naming the weight that makes it impossible.
Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject);

}  // namespace claptools::ms_clap
