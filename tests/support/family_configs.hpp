#pragma once

#include "claptools/families/laion_clap/config.hpp"
#include "claptools/families/ms_clap/config.hpp"
#include "claptools/families/wavcaps/config.hpp"

// The "tiny" configurations of the goldens of other families (goldens-families README).

namespace claptools::testing {

inline void shrink(AudioConfig& audio, int n_fft) {
  audio.n_fft = n_fft;
  audio.stem_channels = 8;
  audio.depths = {1, 2, 2, 1};
  audio.num_heads = {2, 2, 4, 4};
}

inline void shrink(TextConfig& text) {
  text.hidden_size = 32;
  text.num_hidden_layers = 2;
  text.num_attention_heads = 4;
  text.intermediate_size = 64;
}

inline ms_clap::Config tiny_ms_clap() {
  ms_clap::Config config = ms_clap::default_config();
  config.embed_dim = 24;
  shrink(config.audio, 256);
  config.text = {.hidden_size = 32,
                 .layers = 2,
                 .heads = 4,
                 .inner_size = 128,
                 .positions = 96,
                 .vocab_size = 526,
                 .max_tokens = 77};
  return config;
}

inline wavcaps::Config tiny_wavcaps() {
  wavcaps::Config config = wavcaps::default_config();
  config.embed_dim = 24;
  shrink(config.audio, 256);
  shrink(config.text);
  config.text.max_position_embeddings = 40;
  config.text.vocab_size = 142;
  return config;
}

/// Hugging Face's, of one view.
inline laion_clap::Config tiny_laion_clap() {
  laion_clap::Config config = laion_clap::default_config(laion_clap::Layout::transformers);
  config.embed_dim = 24;
  shrink(config.audio, 512);
  shrink(config.text);
  config.text.max_position_embeddings = 130;
  config.text.vocab_size = 530;
  config.text.max_tokens = 128;
  return config;
}

}  // namespace claptools::testing
