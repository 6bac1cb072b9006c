#pragma once

#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/mga_clap/config.hpp"
#include "claptools/families/tower_parameters.hpp"

namespace claptools {

namespace mga_clap {

// Prefixes of the names of weights.
inline constexpr const char* kAudioTower = "audio_encoder.audio_enc.";
inline constexpr const char* kTextTower = "text_encoder.text_encoder.";
inline constexpr const char* kFilters =
    "audio_encoder.audio_enc.audio_feats_extractor.log_trans.melW";

/// The towers without the projections: WavCaps' are the same.
void list_towers(ParameterLister& list, const AudioConfig& audio, const TextConfig& text);

/// What the shapes of their weights tell. @throws Error{data} as WeightShapes::size.
void infer_towers(AudioConfig& audio, TextConfig& text, const WeightShapes& shapes);

}  // namespace mga_clap

/// The official state dict of a configuration, under the official names, in the official order.
/// Source: docs/reference/pipeline.md.
std::vector<Parameter> model_parameters(const ModelConfig& config);

/// What the shapes of a checkpoint tell about its configuration; the rest is taken from `base`.
/// @throws Error{data} naming the weight whose absence or rank makes that impossible.
ModelConfig infer_config(const WeightSet& weights, const ModelConfig& base,
                         std::string_view subject);

}  // namespace claptools
