#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/json.hpp"
#include "claptools/families/config/check_towers.hpp"
#include "claptools/families/config/config_object.hpp"
#include "claptools/families/laion_clap/config.hpp"

namespace claptools::laion_clap {
namespace {

/// A key whose value decides what is computed, and of which one value is known.
void require_value(ConfigObject& object, const char* key, std::string_view known,
                   std::string_view subject) {
  const std::string value = object.text(key);
  require_config(
      value.empty() || value == known, subject,
      std::string(key) + " is " + shorten(value) + ", only " + std::string(known) + " is known");
}

// The keys of the files in their order, for reading and writing. What follows from other members,
// or is the same in every model that is computed here, is only written.

template <class Field>
constexpr bool kWrites = std::is_same_v<Field, ConfigWriter>;

template <class C, class Field>
void list_audio(C& c, Field& field) {
  auto& a = c.audio;
  if constexpr (kWrites<Field>) field("model_type", "clap_audio_model");
  field("window_size", a.window_size);
  field("num_mel_bins", a.n_mels);
  field("spec_size", a.spec_size);
  field("patch_size", a.patch_size);
  if constexpr (kWrites<Field>) field("patch_stride", std::vector{a.patch_size, a.patch_size});
  field("patch_embeds_hidden_size", a.stem_channels);
  if constexpr (kWrites<Field>) field("hidden_size", a.width());
  field("depths", a.depths);
  field("num_attention_heads", a.num_heads);
  if constexpr (kWrites<Field>) field("num_hidden_layers", a.stages());
  if constexpr (kWrites<Field>) field("mlp_ratio", double(a.mlp_ratio));
  field("qkv_bias", a.qkv_bias);
  field("layer_norm_eps", a.layer_norm_eps);
  field("enable_fusion", c.fusion);
  if constexpr (kWrites<Field>) field("fusion_type", nullptr);
  field("aff_block_r", c.fusion_reduction);
  if constexpr (kWrites<Field>) field("projection_dim", c.embed_dim);
}

template <class C, class Field>
void list_text(C& c, Field& field) {
  auto& t = c.text;
  if constexpr (kWrites<Field>) field("model_type", "clap_text_model");
  field("vocab_size", t.vocab_size);
  field("hidden_size", t.hidden_size);
  field("num_hidden_layers", t.num_hidden_layers);
  field("num_attention_heads", t.num_attention_heads);
  field("intermediate_size", t.intermediate_size);
  field("max_position_embeddings", t.max_position_embeddings);
  field("type_vocab_size", t.token_types);
  field("layer_norm_eps", t.layer_norm_eps);
  field("pad_token_id", t.pad_token_id);
  if constexpr (kWrites<Field>) field("projection_dim", c.embed_dim);
}

template <class C, class Field>
void list_front_end(C& c, Field& field) {
  auto& a = c.audio;
  if constexpr (kWrites<Field>) field("feature_extractor_type", "ClapFeatureExtractor");
  field("sampling_rate", a.sample_rate);
  field("hop_length", a.hop_length);
  field("fft_window_size", a.n_fft);
  if constexpr (kWrites<Field>) field("feature_size", a.n_mels);
  field("frequency_min", a.f_min);
  field("frequency_max", a.f_max);
  field("max_length_s", a.window_s);
  if constexpr (kWrites<Field>) field("nb_max_samples", a.window_samples());
}

void read_audio(Config& config, ConfigObject& object, std::string_view subject) {
  AudioConfig& a = config.audio;
  list_audio(config, object);
  double ratio = a.mlp_ratio;
  object("mlp_ratio", ratio);
  require_config(ratio >= 1 && ratio <= 64 && ratio == std::floor(ratio), subject,
                 "audio_config.mlp_ratio must be a whole number from 1 to 64");
  a.mlp_ratio = static_cast<int>(ratio);
  const std::string patch = std::to_string(a.patch_size);
  require_value(object, "patch_stride", "[" + patch + "," + patch + "]", subject);
  require_value(object, "hidden_act", R"("gelu")", subject);
  require_value(object, "enable_patch_layer_norm", "true", subject);
  require_value(object, "flatten_patch_embeds", "true", subject);
  require_value(object, "patch_embed_input_channels", "1", subject);
  const std::string fusion = object.text("fusion_type");
  require_config(fusion != R"("channel_map")", subject,
                 "audio_config.fusion_type channel_map is not known");
}

void read_text(Config& config, ConfigObject& object, std::string_view subject) {
  TextConfig& t = config.text;
  list_text(config, object);
  require_value(object, "hidden_act", R"("gelu")", subject);
  require_value(object, "position_embedding_type", R"("absolute")", subject);
  require_value(object, "is_decoder", "false", subject);
  // What has no place for padding and a token is refused by check_config().
  t.max_tokens = std::max(0, t.max_position_embeddings - t.pad_token_id - 1);
}

void read_front_end(Config& config, const std::filesystem::path& path) {
  const std::string json = read_json_file(path, kMaxConfig), subject = path.native();
  ConfigObject object(json, subject);
  AudioConfig& a = config.audio;
  // The defaults of the class, which are not those of the published files.
  a.f_min = 0;
  std::string truncation = "fusion", padding = "repeatpad";
  int bands = 64;
  list_front_end(config, object);
  object("feature_size", bands);
  object("truncation", truncation);
  object("padding", padding);
  require_config(bands == a.n_mels, subject,
                 "feature_size is " + std::to_string(bands) + ", the model takes " +
                     std::to_string(a.n_mels) + " bands");
  require_config(truncation == "fusion" || truncation == "rand_trunc", subject,
                 "truncation '" + shorten(truncation) + "' is not fusion or rand_trunc");
  a.mel_filters = truncation == "fusion" ? MelFilters::htk : MelFilters::slaney;
  // Whatever else is written there fills with zeros.
  config.short_audio = padding == "repeatpad" || padding == "repeat" ? padding : "zero";
}

/// "laion/clap-htsat-unfused" in the Hub's cache, else the name of the folder.
std::string model_name(const std::filesystem::path& folder) {
  std::error_code failed;
  const std::filesystem::path whole = std::filesystem::absolute(folder, failed).lexically_normal();
  for (const std::filesystem::path& part : whole) {
    std::string name = part.native();
    if (!name.starts_with("models--")) continue;
    name.erase(0, std::string_view("models--").size());
    if (const auto at = name.find("--"); at != std::string::npos) name.replace(at, 2, "/");
    return name;
  }
  const std::filesystem::path own = whole.has_filename() ? whole : whole.parent_path();
  return own.filename().native();
}

}  // namespace

Config read_hf_config(const ModelSource& source) {
  const std::string subject = source.config.native();
  Config config = default_config(Layout::transformers);
  ConfigObject top(source.config_text, subject);
  ConfigObject audio = top.object("audio_config"), text = top.object("text_config");
  config.name = model_name(source.config.parent_path());
  top("clap_tools_name", config.name);
  read_audio(config, audio, subject);
  read_front_end(config, source.config.parent_path() / kFrontEndFile);
  read_text(config, text, subject);
  top("projection_dim", config.embed_dim);
  for (ConfigObject* object : {&top, &audio, &text}) {
    require_value(*object, "projection_hidden_act", R"("relu")", subject);
  }
  check_audio(config.audio, source.path.native());  // of several files
  int width = config.audio.width();
  audio("hidden_size", width);
  require_config(width == config.audio.width(), subject,
                 "audio_config.hidden_size is " + std::to_string(width) + ", the stages give " +
                     std::to_string(config.audio.width()));
  return config;
}

std::string format_hf_config(const Config& config) {
  ConfigWriter top, audio, text;
  top("architectures", std::vector<std::string>{"ClapModel"});
  top("model_type", "clap");
  top("clap_tools_name", config.name);
  top("projection_dim", config.embed_dim);
  top("projection_hidden_act", "relu");
  list_audio(config, audio);
  list_text(config, text);
  top.object("audio_config", audio);
  top.object("text_config", text);
  return top.text();
}

std::string format_hf_front_end(const Config& config) {
  ConfigWriter file;
  list_front_end(config, file);
  file("truncation", config.audio.mel_filters == MelFilters::htk ? "fusion" : "rand_trunc");
  file("padding", config.short_audio == "zero" ? "pad" : config.short_audio.c_str());
  return file.text();
}

}  // namespace claptools::laion_clap
