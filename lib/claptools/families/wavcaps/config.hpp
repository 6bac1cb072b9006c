#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/config/config_fields.hpp"
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
  using Fields = TowerFields;

  std::string name = kFamilyName;
  int embed_dim = 1024;
  AudioConfig audio;
  TextConfig text;
};

using claptools::parse_config, claptools::format_config;  // config/config_fields.hpp

Config default_config();

/// @throws Error{data} naming `subject` and the first value that does not fit the others.
void check_config(const Config& config, std::string_view subject);

/// The state dict of a configuration. Source: goldens-families README, section 8.
std::vector<Parameter> model_parameters(const Config& config);

/// What the shapes of a checkpoint tell about its configuration; the rest is taken from `base`.
/// @throws Error{data} naming the weight that makes it impossible.
Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject);

}  // namespace claptools::wavcaps
