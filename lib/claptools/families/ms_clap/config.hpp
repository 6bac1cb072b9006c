#pragma once

#include <string>
#include <string_view>

#include "claptools/families/config/config_fields.hpp"
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

  struct Fields : TowerFields {
    template <class C, class Field>
    static void audio(C& c, Field& field) {
      audio_fields(c.audio, field);
      field("mel_sample_rate", c.mel_sample_rate);
    }
    template <class C, class Field>
    static void text(C& c, Field& field) {
      gpt2_fields(c.text, field);
    }
  };
};

using claptools::parse_config, claptools::format_config;  // config/config_fields.hpp

Config default_config();

/// @throws Error{data} naming `subject` and the first value that does not fit the others.
void check_config(const Config& config, std::string_view subject);

/// The front end that the mel filters are made for.
AudioConfig filter_config(const Config& config);

}  // namespace claptools::ms_clap
