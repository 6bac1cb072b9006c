#pragma once

#include <string>
#include <string_view>

#include "claptools/core/log.hpp"
#include "claptools/families/towers.hpp"

namespace claptools::ms_clap {

/// Everything that is not a weight. Defaults: the checkpoint of 2023.
struct Config {
  static constexpr const char* kFamilyName = "msclap";

  std::string name = kFamilyName;
  int embed_dim = 1024;
  /// Hz, of the mel filters, which are those of another rate than the samples have: a band that
  /// they call f holds f * sample_rate / mel_sample_rate.
  int mel_sample_rate = 32000;
  AudioConfig audio;
  Gpt2Config text;
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

/// The front end that the mel filters are made for.
AudioConfig filter_config(const Config& config);

}  // namespace claptools::ms_clap
