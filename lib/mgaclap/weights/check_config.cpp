#include <cmath>
#include <string>
#include <type_traits>

#include "mgaclap/core/error.hpp"
#include "mgaclap/weights/config.hpp"
#include "mgaclap/weights/config_fields.hpp"

namespace mgaclap {
namespace {

/// Bounds every later product: no dimension of a real model comes near.
constexpr int kMaxDimension = 1 << 20;

void require(bool ok, std::string_view subject, const std::string& reason) {
  if (!ok) throw Error(Fault::data, subject, "config: " + reason);
}

void check_audio(const AudioConfig& a, std::string_view subject) {
  audio_fields(a, [&](const char* key, const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, int>) {
      require(value > 0 && value <= kMaxDimension, subject,
              std::string("audio.") + key + " is out of range");
    }
  });
  require(!a.depths.empty() && a.depths.size() <= 8, subject,
          "audio.depths must list 1 to 8 stages");
  require(a.num_heads.size() == a.depths.size(), subject,
          "audio.num_heads and audio.depths differ in length");
  for (int s = 0; s < a.stages(); ++s) {
    const auto i = static_cast<std::size_t>(s);
    require(a.depths[i] > 0 && a.depths[i] <= 100, subject, "audio.depths is out of range");
    require(a.num_heads[i] > 0 && a.stage_dim(s) % a.num_heads[i] == 0, subject,
            "audio.num_heads does not divide the channels of stage " + std::to_string(s));
    require(a.stage_grid(s) % a.window_size == 0 && a.stage_grid(s) > 0, subject,
            "audio.window_size does not divide the grid of stage " + std::to_string(s));
  }
  require(a.spec_size % a.n_mels == 0 && a.spec_size % a.patch_size == 0 && a.spec_size <= 4096,
          subject, "audio.spec_size must be a multiple of n_mels and of patch_size, at most 4096");
  require(a.stage_grid(a.stages() - 1) % (a.spec_size / a.n_mels) == 0, subject,
          "the last stage's grid does not split into the time chunks of the image");
  require(a.n_fft % 2 == 0 && a.n_fft <= 1 << 16, subject,
          "audio.n_fft must be even, at most 65536");
  require(a.f_min >= 0 && a.f_max > a.f_min && a.f_max <= a.sample_rate / 2.0, subject,
          "audio.f_min and f_max must lie between 0 and half the sample rate");
  require(a.window_s > 0 && 1 + a.window_samples() / a.hop_length <= a.spec_frames(), subject,
          "audio.window_s has more spectrogram frames than the image holds");
}

void check_text(const TextConfig& t, std::string_view subject) {
  text_fields(t, [&](const char* key, const auto& value) {
    require(value > 0 && value <= kMaxDimension, subject,
            std::string("text.") + key + " is out of range");
  });
  require(t.hidden_size % t.num_attention_heads == 0, subject,
          "text.num_attention_heads (" + std::to_string(t.num_attention_heads) +
              ") does not divide hidden_size (" + std::to_string(t.hidden_size) + ")");
  require(t.max_tokens >= 3 && t.max_tokens <= t.max_position_embeddings, subject,
          "text.max_tokens must be 3 to max_position_embeddings");
}

}  // namespace

void check_config(const ModelConfig& config, std::string_view subject) {
  require(config.model_type == "mga-clap", subject,
          "model_type '" + config.model_type + "' is not known");
  require(config.embed_dim > 0 && config.embed_dim <= kMaxDimension, subject,
          "embed_dim is out of range");
  require(config.codebook_size > 0 && config.codebook_size <= kMaxDimension, subject,
          "codebook_size is out of range");
  require(std::isfinite(config.codebook_temperature) && config.codebook_temperature > 0, subject,
          "codebook_temperature must be positive");
  require(config.has_codebook() || config.pooling == "mean" || config.pooling == "attention",
          subject, "pooling '" + config.pooling + "' is not codebook, mean or attention");
  check_audio(config.audio, subject);
  check_text(config.text, subject);
}

}  // namespace mgaclap
