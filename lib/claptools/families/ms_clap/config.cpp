#include "claptools/families/ms_clap/config.hpp"

#include "claptools/families/config/check_towers.hpp"
#include "claptools/families/ms_clap/parameters.hpp"

namespace claptools::ms_clap {

Config default_config() {
  Config config;
  config.audio.sample_rate = 44100;
  config.audio.window_s = 7;
  config.audio.local_block = false;
  return config;
}

void check_config(const Config& config, std::string_view subject) {
  check_name_and_dim(config.name, config.embed_dim, subject);
  check_audio(config.audio, subject);
  check_range("audio.mel_sample_rate", config.mel_sample_rate, 1, kMaxDimension, subject);
  require_config(config.audio.f_max <= config.mel_sample_rate / 2.0, subject,
                 "audio.f_max is above half of mel_sample_rate");
  refuse_local_block(config.audio, subject);
  check_text(config.text, subject);
  check_weight_bytes(model_parameters(config), subject);
}

AudioConfig filter_config(const Config& config) {
  AudioConfig audio = config.audio;
  audio.sample_rate = config.mel_sample_rate;
  return audio;
}

}  // namespace claptools::ms_clap
