#include "mgaclap/families/mga_clap/spec.hpp"

namespace mgaclap::mga_clap {
namespace {

std::size_t size(int n) { return static_cast<std::size_t>(n); }

AudioSpec make_audio_spec(const AudioConfig& config) {
  // The centred STFT reflects half a transform at either end, which a shorter clip does not have.
  const std::size_t edge = size(config.n_fft / 2);
  AudioSpec spec;
  spec.sample_rate = config.sample_rate;
  spec.window_s = config.window_s;
  spec.window_samples = size(config.window_samples());
  spec.min_samples = edge + 1;
  spec.frames = size(config.frames());
  spec.features = FrameGrid{size(config.hop_length), edge};
  return spec;
}

}  // namespace

ModelSpec make_spec(const ModelConfig& config) {
  ModelSpec spec;
  spec.family = config.model_type;
  spec.name = config.name;
  spec.dim = size(config.embed_dim);
  spec.max_tokens = size(config.text.max_tokens);
  spec.codewords = config.has_codebook() ? size(config.codebook_size) : 0;
  spec.audio = make_audio_spec(config.audio);
  return spec;
}

}  // namespace mgaclap::mga_clap
