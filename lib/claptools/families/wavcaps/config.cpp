#include "claptools/families/wavcaps/config.hpp"

#include "claptools/families/config/check_towers.hpp"
#include "claptools/families/tower_parameters.hpp"

namespace claptools::wavcaps {

Config default_config() {
  Config config;
  config.audio.local_block = false;
  return config;
}

void check_config(const Config& config, std::string_view subject) {
  check_name_and_dim(config.name, config.embed_dim, subject);
  check_audio(config.audio, subject);
  refuse_local_block(config.audio, subject);
  check_text(config.text, subject);
  check_weight_bytes(model_parameters(config), subject);
}

std::vector<Parameter> model_parameters(const Config& config) {
  ParameterLister list;
  list.add("temp", {});
  mga_clap::list_towers(list, config.audio, config.text);
  list_relu_head(list, kAudioHead, config.audio.width(), config.embed_dim);
  list_relu_head(list, kTextHead, config.text.hidden_size, config.embed_dim);
  return list.take();
}

Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject) {
  Config config = base;
  const WeightShapes shapes(weights, subject);
  mga_clap::infer_towers(config.audio, config.text, shapes);
  config.embed_dim = shapes.size(std::string(kAudioHead) + ".2.weight", 0);
  return config;
}

}  // namespace claptools::wavcaps
