#include "claptools/families/mga_clap/config.hpp"

#include <nlohmann/json.hpp>

#include "claptools/core/strings/json.hpp"
#include "claptools/families/config_object.hpp"
#include "claptools/families/tower_fields.hpp"

namespace claptools {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kMaxFile = 1 << 20;  // bytes

template <class Config, class Field>
void top_fields(Config& c, Field field) {
  field("model_type", c.model_type);
  field("name", c.name);
  field("embed_dim", c.embed_dim);
  field("codebook_size", c.codebook_size);
  field("codebook_temperature", c.codebook_temperature);
  field("pooling", c.pooling);
}

}  // namespace

ModelConfig parse_config(std::string_view json, std::string_view subject, const Log& log,
                         const ModelConfig& base) {
  ConfigObject top(json, subject);
  ModelConfig config = base;
  top_fields(config, [&](const char* key, auto& member) { top(key, member); });
  ConfigObject audio = top.object("audio"), text = top.object("text");
  top.warn_of_unknown(log);
  audio_fields(config.audio, [&](const char* key, auto& member) { audio(key, member); });
  audio.warn_of_unknown(log);
  text_fields(config.text, [&](const char* key, auto& member) { text(key, member); });
  text.warn_of_unknown(log);
  return config;
}

ModelConfig read_config(const std::filesystem::path& path, const Log& log,
                        const ModelConfig& base) {
  return parse_config(read_json_file(path, kMaxFile), path.native(), log, base);
}

std::string format_config(const ModelConfig& config) {
  OrderedJson root;
  const auto into = [](OrderedJson& object) {
    return [&object](const char* key, const auto& value) { object[key] = value; };
  };
  top_fields(config, into(root));
  audio_fields(config.audio, into(root["audio"]));
  text_fields(config.text, into(root["text"]));
  return root.dump(2) + "\n";
}

}  // namespace claptools
