#include "claptools/families/config/check_towers.hpp"

#include <cmath>
#include <sstream>
#include <type_traits>

#include "claptools/core/error.hpp"
#include "claptools/families/config/tower_fields.hpp"

namespace claptools {
namespace {

constexpr int kMaxWindow = 1 << 27;                        // samples
constexpr std::size_t kMaxName = 1000;                     // bytes: it goes into attributes of HDF5
constexpr std::size_t kMaxWeights = std::size_t{1} << 36;  // bytes

std::string number_text(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

/// Each size of its own; what they must be together comes after.
struct SizeCheck {
  std::string prefix;  ///< of the keys
  std::string_view subject;

  template <class T>
  void operator()(const char* key, const T& value) const {
    if constexpr (std::is_same_v<T, int>) {
      check_range(prefix + key, value, 1, kMaxDimension, subject);
    }
  }
};

void check_sizes(const AudioConfig& a, std::string_view subject) {
  audio_fields(a, SizeCheck{"audio.", subject});
  check_range("audio.n_fft", a.n_fft, 2, 1 << 16, subject);
  check_range("audio.spec_size", a.spec_size, 1, 4096, subject);
  check_range("audio.embed_dim", a.stem_channels, 1, 1 << 16, subject);
  check_range("audio.window_size", a.window_size, 1, 64, subject);
  check_range("audio.mlp_ratio", a.mlp_ratio, 1, 64, subject);
  require_config(a.n_fft % 2 == 0, subject,
                 "audio.n_fft is " + std::to_string(a.n_fft) + ", must be even");
}

void check_stages(const AudioConfig& a, std::string_view subject) {
  require_config(!a.depths.empty() && a.depths.size() <= 8, subject,
                 "audio.depths must list 1 to 8 stages, not " + std::to_string(a.depths.size()));
  require_config(a.num_heads.size() == a.depths.size(), subject,
                 "audio.num_heads and audio.depths differ in length (" +
                     std::to_string(a.num_heads.size()) + " and " +
                     std::to_string(a.depths.size()) + ")");
  for (int s = 0; s < a.stages(); ++s) {
    const auto i = static_cast<std::size_t>(s);
    const std::string stage = " of stage " + std::to_string(s);
    check_range("audio.depths" + stage, a.depths[i], 1, 100, subject);
    check_range("audio.num_heads" + stage, a.num_heads[i], 1, a.stage_dim(s), subject);
    require_config(a.stage_dim(s) % a.num_heads[i] == 0, subject,
                   "audio.num_heads" + stage + " (" + std::to_string(a.num_heads[i]) +
                       ") does not divide its channels (" + std::to_string(a.stage_dim(s)) + ")");
    require_config(a.stage_grid(s) % a.window_size == 0 && a.stage_grid(s) > 0, subject,
                   "audio.window_size (" + std::to_string(a.window_size) +
                       ") does not divide the grid" + stage + " (" +
                       std::to_string(a.stage_grid(s)) + ")");
  }
}

void check_front_end(const AudioConfig& a, std::string_view subject) {
  require_config(a.f_min >= 0 && a.f_max > a.f_min && a.f_max <= a.sample_rate / 2.0, subject,
                 "audio.f_min (" + number_text(a.f_min) + ") and f_max (" + number_text(a.f_max) +
                     ") must lie between 0 and half the sample rate");
  const double samples = std::round(a.window_s * a.sample_rate);  // compared before it is an int
  require_config(samples >= 1 && samples <= kMaxWindow, subject,
                 "audio.window_s is " + number_text(a.window_s) + ", must be 1 to " +
                     std::to_string(kMaxWindow) + " samples");
  require_config(samples < static_cast<double>(a.spec_frames()) * a.hop_length, subject,
                 "audio.window_s is " + number_text(a.window_s) +
                     ", has more spectrogram frames than the image holds");
}

}  // namespace

void require_config(bool ok, std::string_view subject, const std::string& reason) {
  if (!ok) throw Error(Fault::data, subject, "config: " + reason);
}

void check_range(const std::string& key, int value, int low, int high, std::string_view subject) {
  require_config(value >= low && value <= high, subject,
                 key + " is " + std::to_string(value) + ", must be " + std::to_string(low) +
                     " to " + std::to_string(high));
}

void check_name_and_dim(const std::string& name, int embed_dim, std::string_view subject) {
  require_config(name.size() <= kMaxName, subject, "name is longer than 1000 bytes");
  check_range("embed_dim", embed_dim, 1, kMaxDimension, subject);
}

void check_audio(const AudioConfig& a, std::string_view subject) {
  check_sizes(a, subject);
  require_config(a.spec_size % a.n_mels == 0 && a.spec_size % a.patch_size == 0, subject,
                 "audio.spec_size (" + std::to_string(a.spec_size) +
                     ") must be a multiple of n_mels (" + std::to_string(a.n_mels) +
                     ") and of patch_size (" + std::to_string(a.patch_size) + ")");
  check_stages(a, subject);
  require_config(a.stage_grid(a.stages() - 1) % (a.spec_size / a.n_mels) == 0, subject,
                 "the last stage's grid (" + std::to_string(a.stage_grid(a.stages() - 1)) +
                     ") does not split into the time chunks of the image (" +
                     std::to_string(a.spec_size / a.n_mels) + ")");
  check_front_end(a, subject);
}

void check_text(const TextConfig& t, std::string_view subject) {
  text_fields(t, SizeCheck{"text.", subject});
  check_range("text.num_hidden_layers", t.num_hidden_layers, 1, 1000, subject);
  require_config(
      t.layer_norm_eps > 0 && t.layer_norm_eps <= 1, subject,
      "text.layer_norm_eps is " + number_text(t.layer_norm_eps) + ", must be above 0, at most 1");
  require_config(t.hidden_size % t.num_attention_heads == 0, subject,
                 "text.num_attention_heads (" + std::to_string(t.num_attention_heads) +
                     ") does not divide hidden_size (" + std::to_string(t.hidden_size) + ")");
  check_range("text.max_tokens", t.max_tokens, 3, t.max_position_embeddings, subject);
}

void check_text(const Gpt2Config& t, std::string_view subject) {
  gpt2_fields(t, SizeCheck{"text.", subject});
  check_range("text.n_layer", t.layers, 1, 1000, subject);
  require_config(t.hidden_size % t.heads == 0, subject,
                 "text.n_head (" + std::to_string(t.heads) + ") does not divide n_embd (" +
                     std::to_string(t.hidden_size) + ")");
  check_range("text.max_tokens", t.max_tokens, 3, t.positions, subject);
}

void refuse_local_block(const AudioConfig& a, std::string_view subject) {
  require_config(!a.local_block, subject, "audio.local_block is true, which no such model has");
}

void check_weight_bytes(std::span<const Parameter> parameters, std::string_view subject) {
  std::size_t left = kMaxWeights;
  for (const Parameter& parameter : parameters) {
    const auto bytes = tensor_bytes(parameter.dtype, parameter.shape);
    require_config(bytes && *bytes <= left, subject,
                   "a model of more than 64 GiB: weight '" + parameter.name +
                       "' would have shape " + shape_text(parameter.shape));
    left -= *bytes;
  }
}

}  // namespace claptools
