#include "claptools/families/wavcaps/config.hpp"

#include <nlohmann/json.hpp>

#include "claptools/families/check_towers.hpp"
#include "claptools/families/config_object.hpp"
#include "claptools/families/tower_fields.hpp"
#include "claptools/families/tower_parameters.hpp"

namespace claptools::wavcaps {
namespace {

template <class C, class Field>
void top_fields(C& c, Field field) {
  field("name", c.name);
  field("embed_dim", c.embed_dim);
}

void list_head(ParameterLister& list, const std::string& name, std::int64_t in, std::int64_t out) {
  list.linear(name + ".0", out, in);
  list.linear(name + ".2", out, out);
}

}  // namespace

Config default_config() {
  Config config;
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
  audio_fields(config.audio, [&](const char* key, auto& member) { audio(key, member); });
  audio.warn_of_unknown(log);
  text_fields(config.text, [&](const char* key, auto& member) { text(key, member); });
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
  audio_fields(config.audio, into(root["audio"]));
  text_fields(config.text, into(root["text"]));
  return root.dump(2) + "\n";
}

void check_config(const Config& config, std::string_view subject) {
  check_name(config.name, subject);
  check_range("embed_dim", config.embed_dim, 1, kMaxDimension, subject);
  check_audio(config.audio, subject);
  require_config(!config.audio.local_block, subject,
                 "audio.local_block is true, which no such model has");
  check_text(config.text, subject);
  check_weight_bytes(model_parameters(config), subject);
}

std::vector<Parameter> model_parameters(const Config& config) {
  ParameterLister list;
  list.add("temp", {});
  list.enter(Tower::audio);
  list_front_end(list, std::string(kAudioTower) + "audio_feats_extractor.mel_trans.", kFilters,
                 config.audio);
  list_htsat(list, kAudioTower, config.audio);
  list.enter(Tower::text);
  list_bert(list, kTextTower, config.text);
  list.enter(Tower::none);
  list_head(list, kAudioHead, config.audio.width(), config.embed_dim);
  list_head(list, kTextHead, config.text.hidden_size, config.embed_dim);
  return list.take();
}

Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject) {
  Config config = base;
  const WeightShapes shapes(weights, subject);
  infer_htsat(config.audio, kAudioTower, shapes);
  if (shapes.find(kFilters)) config.audio.n_fft = 2 * (shapes.size(kFilters, 0) - 1);
  infer_bert(config.text, kTextTower, shapes);
  config.embed_dim = shapes.size(std::string(kAudioHead) + ".2.weight", 0);
  return config;
}

}  // namespace claptools::wavcaps
