#pragma once

#include <cmath>
#include <vector>

namespace claptools {

/// Audio front end and HTSAT (Swin) encoder. Defaults: the published model.
struct AudioConfig {
  int sample_rate = 32000;  ///< Hz
  int n_fft = 1024;         ///< samples
  int hop_length = 320;     ///< samples
  int n_mels = 64;
  double f_min = 50;     ///< Hz
  double f_max = 14000;  ///< Hz
  double window_s = 10;  ///< longest clip in one pass, s
  int spec_size = 256;   ///< side of the image that the spectrogram is folded into
  int patch_size = 4;
  int stem_channels = 96;  ///< channels of the first stage; each later stage doubles them
  std::vector<int> depths = {2, 2, 6, 2};
  std::vector<int> num_heads = {4, 8, 16, 32};
  int window_size = 8;  ///< tokens
  int mlp_ratio = 4;
  int num_classes = 527;    ///< of the unused tagging head
  bool local_block = true;  ///< the locality-aware block; false: the ordinary path (an ablation)

  int stages() const { return static_cast<int>(depths.size()); }
  int stage_dim(int stage) const { return stem_channels << stage; }
  int width() const { return stage_dim(stages() - 1); }
  int grid() const { return spec_size / patch_size; }  ///< tokens per side in the first stage
  int stage_grid(int stage) const { return grid() >> stage; }
  int spec_frames() const { return spec_size * (spec_size / n_mels); }  ///< frames the image holds
  int window_samples() const { return static_cast<int>(std::lround(window_s * sample_rate)); }
  /// Frame embeddings per window, whatever its length.
  int frames() const { return (spec_size / n_mels) * stage_grid(stages() - 1); }
};

/// BERT text encoder. Defaults: the published model.
struct TextConfig {
  int hidden_size = 768;
  int num_hidden_layers = 12;
  int num_attention_heads = 12;
  int intermediate_size = 3072;
  int max_position_embeddings = 512;
  int vocab_size = 30522;
  double layer_norm_eps = 1e-12;
  int max_tokens = 30;  ///< a text is cut to, [CLS] and [SEP] included
};

}  // namespace claptools
