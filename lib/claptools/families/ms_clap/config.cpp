#include "claptools/families/ms_clap/config.hpp"

#include <nlohmann/json.hpp>

#include "claptools/families/check_towers.hpp"
#include "claptools/families/config_object.hpp"
#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/families/tower_fields.hpp"

namespace claptools::ms_clap {
namespace {

template <class C, class Field>
void top_fields(C& c, Field field) {
  field("name", c.name);
  field("embed_dim", c.embed_dim);
}

template <class C, class Field>
void all_audio_fields(C& c, Field field) {
  audio_fields(c.audio, field);
  field("mel_sample_rate", c.mel_sample_rate);
}

/// Sizes under GPT-2's own names.
template <class Text, class Field>
void gpt2_fields(Text& t, Field field) {
  field("n_embd", t.hidden_size);
  field("n_layer", t.layers);
  field("n_head", t.heads);
  field("n_inner", t.inner_size);
  field("n_positions", t.positions);
  field("vocab_size", t.vocab_size);
  field("max_tokens", t.max_tokens);
}

void check_gpt2(const Gpt2Config& t, std::string_view subject) {
  gpt2_fields(t, [&](const char* key, int value) {
    check_range(std::string("text.") + key, value, 1, kMaxDimension, subject);
  });
  check_range("text.n_layer", t.layers, 1, 1000, subject);
  require_config(t.hidden_size % t.heads == 0, subject,
                 "text.n_head (" + std::to_string(t.heads) + ") does not divide n_embd (" +
                     std::to_string(t.hidden_size) + ")");
  check_range("text.max_tokens", t.max_tokens, 3, t.positions, subject);
}

}  // namespace

Config default_config() {
  Config config;
  config.audio.sample_rate = 44100;
  config.audio.window_s = 7;
  config.audio.local_block = false;
  return config;
}

Config parse_config(std::string_view json, std::string_view subject, const Log& log,
                    const Config& base) {
  Config config = base;
  ConfigObject top(json, subject);
  std::string model_type;
  top("model_type", model_type);
  top_fields(config, [&](const char* key, auto& member) { top(key, member); });
  ConfigObject audio = top.object("audio"), text = top.object("text");
  top.warn_of_unknown(log);
  all_audio_fields(config, [&](const char* key, auto& member) { audio(key, member); });
  audio.warn_of_unknown(log);
  gpt2_fields(config.text, [&](const char* key, auto& member) { text(key, member); });
  text.warn_of_unknown(log);
  return config;
}

std::string format_config(const Config& config) {
  nlohmann::ordered_json root;
  root["model_type"] = kFamilyName;
  const auto into = [](nlohmann::ordered_json& object) {
    return [&object](const char* key, const auto& value) { object[key] = value; };
  };
  top_fields(config, into(root));
  all_audio_fields(config, into(root["audio"]));
  gpt2_fields(config.text, into(root["text"]));
  return root.dump(2) + "\n";
}

void check_config(const Config& config, std::string_view subject) {
  check_name(config.name, subject);
  check_range("embed_dim", config.embed_dim, 1, kMaxDimension, subject);
  check_audio(config.audio, subject);
  check_range("audio.mel_sample_rate", config.mel_sample_rate, 1, kMaxDimension, subject);
  require_config(config.audio.f_max <= config.mel_sample_rate / 2.0, subject,
                 "audio.f_max is above half of mel_sample_rate");
  require_config(!config.audio.local_block, subject,
                 "audio.local_block is true, which no such model has");
  check_gpt2(config.text, subject);
  check_weight_bytes(model_parameters(config), subject);
}

AudioConfig filter_config(const Config& config) {
  AudioConfig audio = config.audio;
  audio.sample_rate = config.mel_sample_rate;
  return audio;
}

}  // namespace claptools::ms_clap
