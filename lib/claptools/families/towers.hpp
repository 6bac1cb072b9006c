#pragma once

#include <cmath>
#include <vector>

namespace claptools {

/// Triangular filters from the bins of a spectrum to mel bands.
enum class MelFilters {
  slaney,  ///< Slaney's scale and area normalisation, librosa's default
  htk      ///< HTK's scale, peaks of 1, torchaudio's default
};

/// Audio front end and HTSAT (Swin) encoder. Defaults: the published model.
struct AudioConfig {
  int sample_rate = 32000;  ///< Hz
  int n_fft = 1024;         ///< samples
  int hop_length = 320;     ///< samples
  int n_mels = 64;
  double f_min = 50;     ///< Hz
  double f_max = 14000;  ///< Hz
  MelFilters mel_filters = MelFilters::slaney;
  double window_s = 10;  ///< longest clip in one pass, s
  int spec_size = 256;   ///< side of the image that the spectrogram is folded into
  int patch_size = 4;
  int stem_channels = 96;  ///< channels of the first stage; each later stage doubles them
  std::vector<int> depths = {2, 2, 6, 2};
  std::vector<int> num_heads = {4, 8, 16, 32};
  int window_size = 8;  ///< tokens
  int mlp_ratio = 4;
  bool qkv_bias = true;
  double layer_norm_eps = 1e-5;  ///< of the blocks; all other norms have 1e-5
  int num_classes = 527;         ///< of the unused tagging head
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

/// BERT or RoBERTa text encoder. Defaults: the published model.
struct TextConfig {
  int hidden_size = 768;
  int num_hidden_layers = 12;
  int num_attention_heads = 12;
  int intermediate_size = 3072;
  int max_position_embeddings = 512;
  int vocab_size = 30522;
  int token_types = 2;
  /// RoBERTa: positions of tokens count from the one after it, padding has this one. -1: BERT,
  /// whose positions count from 0.
  int pad_token_id = -1;
  double layer_norm_eps = 1e-12;
  int max_tokens = 30;  ///< a text is cut to, [CLS] and [SEP] included
};

/// GPT-2 text encoder. Defaults: GPT-2 itself.
struct Gpt2Config {
  int hidden_size = 768;
  int layers = 12;
  int heads = 12;
  int inner_size = 3072;
  int positions = 1024;  ///< longest text, tokens
  int vocab_size = 50257;
  int max_tokens = 1024;  ///< a text is cut to
};

}  // namespace claptools
