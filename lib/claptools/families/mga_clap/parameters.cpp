#include "claptools/families/mga_clap/parameters.hpp"

#include "claptools/families/tower_parameters.hpp"

namespace claptools {
namespace {

constexpr const char* kAudio = "audio_encoder.audio_enc.";
constexpr const char* kText = "text_encoder.text_encoder.";

void list_projection(ParameterLister& list, const std::string& name, std::int64_t in,
                     std::int64_t out) {
  list.affine(name + ".0", in);
  list.linear(name + ".1", out, in);
  list.affine(name + ".3", out);
  list.linear(name + ".4", out, out);
}

}  // namespace

std::vector<Parameter> model_parameters(const ModelConfig& config) {
  ParameterLister list;
  list.add("temp", {});
  if (config.has_codebook()) list.add("codebook", {config.codebook_size, config.embed_dim});
  if (config.pooling == "attention") {
    list.add("frame_pool.query", {config.embed_dim});
    list.add("word_pool.query", {config.embed_dim});
  }
  list.enter(Tower::audio);
  const std::string front_end = std::string(kAudio) + "audio_feats_extractor.";
  list_front_end(list, front_end + "mel_trans.", front_end + "log_trans.melW", config.audio);
  list_htsat(list, kAudio, config.audio);
  list.enter(Tower::text);
  list_bert(list, kText, config.text);
  list.enter(Tower::none);
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
  infer_htsat(config.audio, kAudio, shapes);
  const std::string filters = kAudio + std::string("audio_feats_extractor.log_trans.melW");
  if (shapes.find(filters)) config.audio.n_fft = 2 * (shapes.size(filters, 0) - 1);
  infer_bert(config.text, kText, shapes);
  return config;
}

}  // namespace claptools
