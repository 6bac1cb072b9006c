#include "claptools/families/wavcaps/config.hpp"

#include "claptools/families/check_towers.hpp"
#include "claptools/families/config_fields.hpp"
#include "claptools/families/tower_parameters.hpp"

namespace claptools::wavcaps {
namespace {

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
  return read_fields<TowerFields>(base, json, subject, log);
}

std::string format_config(const Config& config) {
  return write_fields<TowerFields>(config, kFamilyName);
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
