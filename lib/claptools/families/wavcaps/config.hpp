#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/core/log.hpp"
#include "claptools/families/mga_clap/parameters.hpp"
#include "claptools/families/towers.hpp"

namespace claptools::wavcaps {

// Prefixes of the names of weights, which are MGA-CLAP's but for the projections.
using mga_clap::kAudioTower, mga_clap::kTextTower, mga_clap::kFilters;
inline constexpr const char* kAudioHead = "audio_proj";
inline constexpr const char* kTextHead = "text_proj";

/// Everything that is not a weight. Defaults: HTSAT-BERT-PT.
struct Config {
  static constexpr const char* kFamilyName = "wavcaps";

  std::string name = kFamilyName;
  int embed_dim = 1024;
  AudioConfig audio;
  TextConfig text;
};

Config default_config();

/// Overlays the keys of a JSON text on `base`; an unknown key is a warning.
/// @throws Error{data} for what is not JSON and wrong types.
Config parse_config(std::string_view json, std::string_view subject, const Log& log,
                    const Config& base);

/// Indented JSON with all keys, ending in a line break.
std::string format_config(const Config& config);

/// @throws Error{data} naming `subject` and the first value that does not fit the others.
void check_config(const Config& config, std::string_view subject);

/// The state dict of a configuration. Source: goldens-families README, section 8.
std::vector<Parameter> model_parameters(const Config& config);

/// What the shapes of a checkpoint tell about its configuration; the rest is taken from `base`.
/// @throws Error{data} naming the weight that makes it impossible.
Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject);

}  // namespace claptools::wavcaps
