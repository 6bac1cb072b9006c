#include "claptools/families/laion_clap/config.hpp"

#include <algorithm>
#include <array>

#include "claptools/core/strings/suggest.hpp"
#include "claptools/families/config/check_towers.hpp"
#include "claptools/families/laion_clap/parameters.hpp"

namespace claptools::laion_clap {
namespace {

const std::array<std::string, 3> kShortAudio = {"repeatpad", "repeat", "zero"};

}  // namespace

Config default_config(Layout layout) {
  Config config;
  config.layout = layout;
  config.quantise = layout == Layout::laion;
  config.audio.sample_rate = 48000;
  config.audio.hop_length = 480;
  config.audio.local_block = false;
  config.text.max_position_embeddings = 514;
  config.text.vocab_size = 50265;
  config.text.token_types = 1;
  config.text.pad_token_id = 1;
  config.text.layer_norm_eps = layout == Layout::laion ? 1e-5 : 1e-12;
  config.text.max_tokens = layout == Layout::laion ? 77 : 512;
  return config;
}

void check_config(const Config& config, std::string_view subject) {
  check_name_and_dim(config.name, config.embed_dim, subject);
  check_range("fusion_reduction", config.fusion_reduction, 1, config.audio.stem_channels, subject);
  require_config(std::ranges::find(kShortAudio, config.short_audio) != kShortAudio.end(), subject,
                 "short_audio: " + not_one_of(config.short_audio, kShortAudio));
  require_config(!config.quantise || config.layout == Layout::laion, subject,
                 "quantise is true, which only models of the layout laion are");
  check_audio(config.audio, subject);
  refuse_local_block(config.audio, subject);
  check_text(config.text, subject);
  check_range("text.pad_token_id", config.text.pad_token_id, 0, config.text.vocab_size - 1,
              subject);
  check_range("text.max_tokens", config.text.max_tokens, 3,
              config.text.max_position_embeddings - config.text.pad_token_id - 1, subject);
  check_weight_bytes(model_parameters(config), subject);
}

}  // namespace claptools::laion_clap
