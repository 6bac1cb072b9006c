#include "claptools/families/laion_clap/config.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "claptools/core/strings/json.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/families/check_towers.hpp"
#include "claptools/families/config_object.hpp"
#include "claptools/families/laion_clap/parameters.hpp"
#include "claptools/families/tower_fields.hpp"

namespace claptools::laion_clap {
namespace {

const std::array<std::string, 2> kLayouts = {"transformers", "laion"};
const std::array<std::string, 2> kFilters = {"slaney", "htk"};
const std::array<std::string, 3> kShortAudio = {"repeatpad", "repeat", "zero"};

/// An enumeration as a word of a configuration; its values count from 0.
template <class Enum, std::size_t size>
struct Word {
  Enum& value;
  const std::array<std::string, size>& words;
};
/// Clang 14, which builds the fuzzers, does not deduce an aggregate's arguments by itself.
template <class Enum, std::size_t size>
Word(Enum&, const std::array<std::string, size>&) -> Word<Enum, size>;

template <class Config, class Field>
void top_fields(Config& c, Field field) {
  field("name", c.name);
  field("layout", Word{c.layout, kLayouts});
  field("embed_dim", c.embed_dim);
  field("fusion", c.fusion);
  field("fusion_reduction", c.fusion_reduction);
  field("quantise", c.quantise);
  field("short_audio", c.short_audio);
}

template <class Config, class Field>
void all_audio_fields(Config& a, Field field) {
  audio_fields(a, field);
  field("mel_filters", Word{a.mel_filters, kFilters});
  field("qkv_bias", a.qkv_bias);
  field("layer_norm_eps", a.layer_norm_eps);
}

template <class Config, class Field>
void all_text_fields(Config& t, Field field) {
  text_fields(t, field);
  field("pad_token_id", t.pad_token_id);
}

/// Reads fields from an object of JSON.
struct Reader {
  ConfigObject& object;
  std::string_view subject;

  template <class T>
  void operator()(const char* key, T& member) const {
    object(key, member);
  }
  template <class Enum, std::size_t size>
  void operator()(const char* key, Word<Enum, size> word) const {
    std::string text = word.words[static_cast<std::size_t>(word.value)];
    object(key, text);
    const auto found = std::ranges::find(word.words, text);
    require_config(found != word.words.end(), subject,
                   std::string(key) + ": " + not_one_of(text, word.words));
    word.value = static_cast<Enum>(found - word.words.begin());
  }
};

/// Writes fields into one.
struct Writer {
  nlohmann::ordered_json& object;

  template <class T>
  void operator()(const char* key, const T& member) const {
    object[key] = member;
  }
  template <class Enum, std::size_t size>
  void operator()(const char* key, Word<Enum, size> word) const {
    object[key] = word.words[static_cast<std::size_t>(word.value)];
  }
};

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

Config parse_config(std::string_view json, std::string_view subject, const Log& log,
                    const Config& base) {
  Config config = base;
  ConfigObject top(json, subject);
  std::string model_type;
  top("model_type", model_type);
  top_fields(config, Reader{top, subject});
  ConfigObject audio = top.object("audio"), text = top.object("text");
  top.warn_of_unknown(log);
  all_audio_fields(config.audio, Reader{audio, subject});
  audio.warn_of_unknown(log);
  all_text_fields(config.text, Reader{text, subject});
  text.warn_of_unknown(log);
  return config;
}

std::string format_config(const Config& config) {
  nlohmann::ordered_json root;
  root["model_type"] = kFamilyName;
  top_fields(config, Writer{root});
  all_audio_fields(config.audio, Writer{root["audio"]});
  all_text_fields(config.text, Writer{root["text"]});
  return root.dump(2) + "\n";
}

void check_config(const Config& config, std::string_view subject) {
  check_name(config.name, subject);
  check_range("embed_dim", config.embed_dim, 1, kMaxDimension, subject);
  check_range("fusion_reduction", config.fusion_reduction, 1, config.audio.stem_channels, subject);
  require_config(std::ranges::find(kShortAudio, config.short_audio) != kShortAudio.end(), subject,
                 "short_audio: " + not_one_of(config.short_audio, kShortAudio));
  require_config(!config.quantise || config.layout == Layout::laion, subject,
                 "quantise is true, which only models of the layout laion are");
  check_audio(config.audio, subject);
  require_config(!config.audio.local_block, subject,
                 "audio.local_block is true, which no such model has");
  check_text(config.text, subject);
  check_range("text.pad_token_id", config.text.pad_token_id, 0, config.text.vocab_size - 1,
              subject);
  check_range("text.max_tokens", config.text.max_tokens, 3,
              config.text.max_position_embeddings - config.text.pad_token_id - 1, subject);
  check_weight_bytes(model_parameters(config), subject);
}

}  // namespace claptools::laion_clap
