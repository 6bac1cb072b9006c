#include "claptools/families/ms_clap/parameters.hpp"

#include <algorithm>

#include "claptools/families/tower_parameters.hpp"

namespace claptools::ms_clap {
namespace {

constexpr int kHeadChannels = 64;  // of GPT-2's attention; a shape does not tell it

/// Matrices lie as [in, out] here.
void list_product(ParameterLister& list, const std::string& name, std::int64_t in,
                  std::int64_t out) {
  list.add(name + ".weight", {in, out});
  list.add(name + ".bias", {out});
}

void list_gpt2(ParameterLister& list, const Gpt2Config& t) {
  const std::string prefix = kTextTower;
  const std::int64_t hidden = t.hidden_size;
  list.add(prefix + "wte.weight", {t.vocab_size, hidden});
  list.add(prefix + "wpe.weight", {t.positions, hidden});
  for (int i = 0; i < t.layers; ++i) {
    const std::string layer = prefix + "h." + std::to_string(i) + ".";
    list.affine(layer + "ln_1", hidden);
    // as older transformers kept the causal mask
    list.derived(layer + "attn.bias", {1, 1, t.positions, t.positions}, DType::boolean);
    list.derived(layer + "attn.masked_bias", {});
    list_product(list, layer + "attn.c_attn", hidden, 3 * hidden);
    list_product(list, layer + "attn.c_proj", hidden, hidden);
    list.affine(layer + "ln_2", hidden);
    list_product(list, layer + "mlp.c_fc", hidden, t.inner_size);
    list_product(list, layer + "mlp.c_proj", t.inner_size, hidden);
  }
  list.affine(prefix + "ln_f", hidden);
}

void list_head(ParameterLister& list, const std::string& name, std::int64_t in, std::int64_t out) {
  list.linear(name + ".linear1", out, in, false);
  list.linear(name + ".linear2", out, out, false);
  list.affine(name + ".layer_norm", out);
}

void infer_gpt2(Gpt2Config& t, const WeightShapes& shapes) {
  const std::string prefix = kTextTower;
  t.vocab_size = shapes.size(prefix + "wte.weight", 0);
  t.hidden_size = shapes.size(prefix + "wte.weight", 1);
  t.positions = shapes.size(prefix + "wpe.weight", 0);
  t.layers = shapes.count(prefix + "h.", ".ln_1.weight");
  t.inner_size = shapes.size(prefix + "h.0.mlp.c_fc.weight", 1);
  t.heads = std::max(t.hidden_size / kHeadChannels, 1);
  t.max_tokens = t.positions;
}

}  // namespace

std::vector<Parameter> model_parameters(const Config& config) {
  ParameterLister list;
  list.add("logit_scale", {});
  list.enter(Tower::audio);
  list_front_end(list, std::string(kAudioTower) + "spectrogram_extractor.", kFilters, config.audio);
  list_htsat(list, kAudioTower, config.audio);
  list.enter(Tower::none);
  list_head(list, kAudioHead, config.audio.width(), config.embed_dim);
  list.enter(Tower::text);
  list_gpt2(list, config.text);
  list.enter(Tower::none);
  list_head(list, kTextHead, config.text.hidden_size, config.embed_dim);
  return list.take();
}

Config infer_config(const WeightSet& weights, const Config& base, std::string_view subject) {
  Config config = base;
  const WeightShapes shapes(weights, subject);
  infer_htsat(config.audio, kAudioTower, shapes);
  infer_front_end(config.audio, kFilters, shapes);
  config.embed_dim = shapes.size(std::string(kAudioHead) + ".linear1.weight", 0);
  infer_gpt2(config.text, shapes);
  return config;
}

}  // namespace claptools::ms_clap
