#pragma once

#include "claptools/families/mga_clap/config.hpp"

namespace claptools::testing {

/// The goldens' "tiny" configuration (docs/reference/pipeline.md, "Configurations").
inline ModelConfig tiny_config() {
  ModelConfig config;
  config.name = "tiny";
  config.embed_dim = 32;
  config.codebook_size = 64;
  config.audio.stem_channels = 24;
  config.audio.depths = {1, 2, 2, 2};
  config.audio.num_heads = {2, 4, 8, 16};
  config.audio.num_classes = 8;
  config.text.hidden_size = 64;
  config.text.num_hidden_layers = 2;
  config.text.num_attention_heads = 4;
  config.text.intermediate_size = 128;
  config.text.max_position_embeddings = 64;
  return config;
}

}  // namespace claptools::testing
