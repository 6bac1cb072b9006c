#include "claptools/families/mga_clap/parameters.hpp"

namespace claptools {
namespace {

void list_projection(ParameterLister& list, const std::string& name, std::int64_t in,
                     std::int64_t out) {
  list.affine(name + ".0", in);
  list.linear(name + ".1", out, in);
  list.affine(name + ".3", out);
  list.linear(name + ".4", out, out);
}

}  // namespace

void mga_clap::list_towers(ParameterLister& list, const AudioConfig& audio,
                           const TextConfig& text) {
  list.enter(Tower::audio);
  list_front_end(list, std::string(kAudioTower) + "audio_feats_extractor.mel_trans.", kFilters,
                 audio);
  list_htsat(list, kAudioTower, audio);
  list.enter(Tower::text);
  list_bert(list, kTextTower, text);
  list.enter(Tower::none);
}

void mga_clap::infer_towers(AudioConfig& audio, TextConfig& text, const WeightShapes& shapes) {
  infer_htsat(audio, kAudioTower, shapes);
  infer_front_end(audio, kFilters, shapes);
  infer_bert(text, kTextTower, shapes);
}

std::vector<Parameter> model_parameters(const ModelConfig& config) {
  ParameterLister list;
  list.add("temp", {});
  if (config.has_codebook()) list.add("codebook", {config.codebook_size, config.embed_dim});
  if (config.pooling == "attention") {
    list.add("frame_pool.query", {config.embed_dim});
    list.add("word_pool.query", {config.embed_dim});
  }
  mga_clap::list_towers(list, config.audio, config.text);
  list_projection(list, "frame_proj", config.audio.width(), config.embed_dim);
  list_projection(list, "word_proj", config.text.hidden_size, config.embed_dim);
  return list.take();
}

ModelConfig infer_config(const WeightSet& weights, const ModelConfig& base,
                         std::string_view subject) {
  ModelConfig config = base;
  const WeightShapes shapes(weights, subject);
  if (config.has_codebook()) config.codebook_size = shapes.size("codebook", 0);
  config.embed_dim = shapes.size("frame_proj.4.weight", 0);
  mga_clap::infer_towers(config.audio, config.text, shapes);
  return config;
}

}  // namespace claptools
