#include "claptools/families/mga_clap/parameters.hpp"

#include <cmath>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr const char* kAudio = "audio_encoder.audio_enc.";
constexpr const char* kText = "text_encoder.text_encoder.";

class Lister {
 public:
  void add(const std::string& name, Shape shape) { push({name, std::move(shape)}); }
  /// Moved by the forward pass of a training.
  void statistic(const std::string& name, Shape shape) {
    push({.name = name, .shape = std::move(shape), .trainable = false});
  }
  /// No output depends on it.
  void unused(const std::string& name, Shape shape) {
    push({.name = name, .shape = std::move(shape), .required = false});
  }
  /// It follows from the configuration.
  void derived(const std::string& name, Shape shape, DType dtype = DType::f32) {
    push({name, std::move(shape), dtype, false, false});
  }
  void affine(const std::string& name, std::int64_t size) {
    add(name + ".weight", {size});
    add(name + ".bias", {size});
  }
  void linear(const std::string& name, std::int64_t out, std::int64_t in) {
    add(name + ".weight", {out, in});
    add(name + ".bias", {out});
  }
  std::vector<Parameter> take() { return std::move(list_); }

 private:
  void push(Parameter parameter) {
    if (parameter.name.starts_with(kAudio)) parameter.tower = Tower::audio;
    if (parameter.name.starts_with(kText)) parameter.tower = Tower::text;
    list_.push_back(std::move(parameter));
  }

  std::vector<Parameter> list_;
};

void list_front_end(Lister& list, const AudioConfig& a) {
  const std::string prefix = std::string(kAudio) + "audio_feats_extractor.";
  const std::int64_t bins = a.n_fft / 2 + 1;
  list.derived(prefix + "mel_trans.stft.conv_real.weight", {bins, 1, a.n_fft});
  list.derived(prefix + "mel_trans.stft.conv_imag.weight", {bins, 1, a.n_fft});
  list.derived(prefix + "log_trans.melW", {bins, a.n_mels});
  const std::string bn0 = std::string(kAudio) + "bn0";
  list.affine(bn0, a.n_mels);
  list.statistic(bn0 + ".running_mean", {a.n_mels});
  list.statistic(bn0 + ".running_var", {a.n_mels});
  list.derived(bn0 + ".num_batches_tracked", {}, DType::i64);
}

void list_block(Lister& list, const AudioConfig& a, int stage, int block) {
  const std::string name =
      kAudio + ("layers." + std::to_string(stage) + ".blocks." + std::to_string(block) + ".");
  const std::int64_t dim = a.stage_dim(stage), w = a.window_size, tokens = w * w;
  const std::int64_t windows = (a.stage_grid(stage) / w) * (a.stage_grid(stage) / w);
  if (block % 2 == 1 && windows > 1) list.derived(name + "attn_mask", {windows, tokens, tokens});
  list.affine(name + "norm1", dim);
  list.add(name + "attn.relative_position_bias_table",
           {(2 * w - 1) * (2 * w - 1), a.num_heads[static_cast<std::size_t>(stage)]});
  list.derived(name + "attn.relative_position_index", {tokens, tokens}, DType::i64);
  list.linear(name + "attn.qkv", 3 * dim, dim);
  list.linear(name + "attn.proj", dim, dim);
  list.affine(name + "norm2", dim);
  list.linear(name + "mlp.fc1", a.mlp_ratio * dim, dim);
  list.linear(name + "mlp.fc2", dim, a.mlp_ratio * dim);
}

void list_audio(Lister& list, const AudioConfig& a) {
  const std::string prefix = kAudio;
  list_front_end(list, a);
  list.add(prefix + "patch_embed.proj.weight", {a.stem_channels, 1, a.patch_size, a.patch_size});
  list.add(prefix + "patch_embed.proj.bias", {a.stem_channels});
  list.affine(prefix + "patch_embed.norm", a.stem_channels);
  for (int s = 0; s < a.stages(); ++s) {
    for (int b = 0; b < a.depths[static_cast<std::size_t>(s)]; ++b) list_block(list, a, s, b);
    if (s + 1 == a.stages()) break;
    const std::string down = prefix + "layers." + std::to_string(s) + ".downsample.";
    const std::int64_t dim = a.stage_dim(s);
    list.add(down + "reduction.weight", {2 * dim, 4 * dim});
    list.affine(down + "norm", 4 * dim);
  }
  list.affine(prefix + "norm", a.width());
  const std::int64_t groups = a.stage_grid(a.stages() - 1) / (a.spec_size / a.n_mels);
  list.unused(prefix + "tscam_conv.weight", {a.num_classes, a.width(), groups, 3});
  list.unused(prefix + "tscam_conv.bias", {a.num_classes});
  list.unused(prefix + "head.weight", {a.num_classes, a.num_classes});
  list.unused(prefix + "head.bias", {a.num_classes});
}

void list_text(Lister& list, const TextConfig& t) {
  const std::string prefix = kText, embeddings = prefix + "embeddings.";
  const std::int64_t hidden = t.hidden_size;
  list.derived(embeddings + "position_ids", {1, t.max_position_embeddings}, DType::i64);
  list.add(embeddings + "word_embeddings.weight", {t.vocab_size, hidden});
  list.add(embeddings + "position_embeddings.weight", {t.max_position_embeddings, hidden});
  list.add(embeddings + "token_type_embeddings.weight", {2, hidden});
  list.affine(embeddings + "LayerNorm", hidden);
  for (int i = 0; i < t.num_hidden_layers; ++i) {
    const std::string layer = prefix + "encoder.layer." + std::to_string(i) + ".";
    list.linear(layer + "attention.self.query", hidden, hidden);
    list.linear(layer + "attention.self.key", hidden, hidden);
    list.linear(layer + "attention.self.value", hidden, hidden);
    list.linear(layer + "attention.output.dense", hidden, hidden);
    list.affine(layer + "attention.output.LayerNorm", hidden);
    list.linear(layer + "intermediate.dense", t.intermediate_size, hidden);
    list.linear(layer + "output.dense", hidden, t.intermediate_size);
    list.affine(layer + "output.LayerNorm", hidden);
  }
}

void list_projection(Lister& list, const std::string& name, std::int64_t in, std::int64_t out) {
  list.affine(name + ".0", in);
  list.linear(name + ".1", out, in);
  list.affine(name + ".3", out);
  list.linear(name + ".4", out, out);
}

/// Reads sizes off the shapes of named weights.
class ShapeReader {
 public:
  ShapeReader(const WeightSet& weights, std::string_view subject)
      : weights_(weights), subject_(subject) {}

  const TensorView* find(const std::string& name) const {
    const auto it = weights_.tensors.find(name);
    return it == weights_.tensors.end() ? nullptr : &it->second;
  }

  int size(const std::string& name, std::size_t dimension) const {
    const TensorView* view = find(name);
    if (!view) throw Error(Fault::data, subject_, "weight '" + name + "' is missing");
    if (dimension >= view->shape.size() || view->shape[dimension] > (1 << 24)) {
      throw Error(Fault::data, subject_,
                  "weight '" + name + "' has shape " + shape_text(view->shape));
    }
    return static_cast<int>(view->shape[dimension]);
  }

  /// How many of prefix0, prefix1, ... have `suffix`.
  int count(const std::string& prefix, const std::string& suffix) const {
    int n = 0;
    while (find(prefix + std::to_string(n) + suffix)) ++n;
    return n;
  }

 private:
  const WeightSet& weights_;
  std::string_view subject_;
};

void infer_audio(AudioConfig& a, const ShapeReader& shapes) {
  const std::string prefix = kAudio, block0 = ".blocks.0.attn.relative_position_bias_table";
  a.stem_channels = shapes.size(prefix + "patch_embed.proj.weight", 0);
  a.patch_size = shapes.size(prefix + "patch_embed.proj.weight", 3);
  a.n_mels = shapes.size(prefix + "bn0.weight", 0);
  a.depths.clear();
  a.num_heads.clear();
  const int stages = shapes.count(prefix + "layers.", block0);
  for (int s = 0; s < stages; ++s) {
    const std::string layer = prefix + "layers." + std::to_string(s);
    a.depths.push_back(shapes.count(layer + ".blocks.", ".norm1.weight"));
    a.num_heads.push_back(shapes.size(layer + block0, 1));
  }
  const int table = shapes.size(prefix + "layers.0" + block0, 0);
  a.window_size = (static_cast<int>(std::lround(std::sqrt(table))) + 1) / 2;
  a.mlp_ratio =
      shapes.size(prefix + "layers.0.blocks.0.mlp.fc1.weight", 0) / std::max(a.stem_channels, 1);
  if (shapes.find(prefix + "audio_feats_extractor.log_trans.melW")) {
    a.n_fft = 2 * (shapes.size(prefix + "audio_feats_extractor.log_trans.melW", 0) - 1);
  }
  if (shapes.find(prefix + "head.bias")) a.num_classes = shapes.size(prefix + "head.bias", 0);
}

void infer_text(TextConfig& t, const ShapeReader& shapes) {
  const std::string prefix = kText;
  t.vocab_size = shapes.size(prefix + "embeddings.word_embeddings.weight", 0);
  t.hidden_size = shapes.size(prefix + "embeddings.word_embeddings.weight", 1);
  t.max_position_embeddings = shapes.size(prefix + "embeddings.position_embeddings.weight", 0);
  t.num_hidden_layers = shapes.count(prefix + "encoder.layer.", ".intermediate.dense.weight");
  t.intermediate_size = shapes.size(prefix + "encoder.layer.0.intermediate.dense.weight", 0);
}

}  // namespace

std::vector<Parameter> model_parameters(const ModelConfig& config) {
  Lister list;
  list.add("temp", {});
  if (config.has_codebook()) list.add("codebook", {config.codebook_size, config.embed_dim});
  if (config.pooling == "attention") {
    list.add("frame_pool.query", {config.embed_dim});
    list.add("word_pool.query", {config.embed_dim});
  }
  list_audio(list, config.audio);
  list_text(list, config.text);
  list_projection(list, "frame_proj", config.audio.width(), config.embed_dim);
  list_projection(list, "word_proj", config.text.hidden_size, config.embed_dim);
  return list.take();
}

ModelConfig infer_config(const WeightSet& weights, const ModelConfig& base,
                         std::string_view subject) {
  ModelConfig config = base;
  const ShapeReader shapes(weights, subject);
  if (config.has_codebook()) config.codebook_size = shapes.size("codebook", 0);
  config.embed_dim = shapes.size("frame_proj.4.weight", 0);
  infer_audio(config.audio, shapes);
  infer_text(config.text, shapes);
  return config;
}

}  // namespace claptools
