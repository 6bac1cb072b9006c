#include "claptools/families/tower_parameters.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {

void ParameterLister::affine(const std::string& name, std::int64_t size) {
  add(name + ".weight", {size});
  add(name + ".bias", {size});
}

void ParameterLister::linear(const std::string& name, std::int64_t out, std::int64_t in,
                             bool bias) {
  add(name + ".weight", {out, in});
  if (bias) add(name + ".bias", {out});
}

void ParameterLister::batch_norm(const std::string& name, std::int64_t size) {
  affine(name, size);
  statistic(name + ".running_mean", {size});
  statistic(name + ".running_var", {size});
  derived(name + ".num_batches_tracked", {}, DType::i64);
}

void ParameterLister::push(Parameter parameter) {
  parameter.tower = tower_;
  list_.push_back(std::move(parameter));
}

namespace {

void list_block(ParameterLister& list, const std::string& prefix, const AudioConfig& a, int stage,
                int block) {
  const std::string name =
      prefix + "layers." + std::to_string(stage) + ".blocks." + std::to_string(block) + ".";
  const std::int64_t dim = a.stage_dim(stage), w = a.window_size, tokens = w * w;
  const std::int64_t windows = (a.stage_grid(stage) / w) * (a.stage_grid(stage) / w);
  if (block % 2 == 1 && windows > 1) list.derived(name + "attn_mask", {windows, tokens, tokens});
  list.affine(name + "norm1", dim);
  list.add(name + "attn.relative_position_bias_table",
           {(2 * w - 1) * (2 * w - 1), a.num_heads[static_cast<std::size_t>(stage)]});
  list.derived(name + "attn.relative_position_index", {tokens, tokens}, DType::i64);
  list.linear(name + "attn.qkv", 3 * dim, dim, a.qkv_bias);
  list.linear(name + "attn.proj", dim, dim);
  list.affine(name + "norm2", dim);
  list.linear(name + "mlp.fc1", a.mlp_ratio * dim, dim);
  list.linear(name + "mlp.fc2", dim, a.mlp_ratio * dim);
}

}  // namespace

void list_front_end(ParameterLister& list, const std::string& extractor, const std::string& filters,
                    const AudioConfig& config) {
  const std::int64_t bins = config.n_fft / 2 + 1;
  list.derived(extractor + "stft.conv_real.weight", {bins, 1, config.n_fft});
  list.derived(extractor + "stft.conv_imag.weight", {bins, 1, config.n_fft});
  list.derived(filters, {bins, config.n_mels});
}

void list_htsat(ParameterLister& list, const std::string& prefix, const AudioConfig& a) {
  list.batch_norm(prefix + "bn0", a.n_mels);
  list.add(prefix + "patch_embed.proj.weight", {a.stem_channels, 1, a.patch_size, a.patch_size});
  list.add(prefix + "patch_embed.proj.bias", {a.stem_channels});
  list.affine(prefix + "patch_embed.norm", a.stem_channels);
  for (int s = 0; s < a.stages(); ++s) {
    for (int b = 0; b < a.depths[static_cast<std::size_t>(s)]; ++b) {
      list_block(list, prefix, a, s, b);
    }
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

void list_bert(ParameterLister& list, const std::string& prefix, const TextConfig& t) {
  const std::string embeddings = prefix + "embeddings.";
  const std::int64_t hidden = t.hidden_size;
  list.derived(embeddings + "position_ids", {1, t.max_position_embeddings}, DType::i64);
  list.add(embeddings + "word_embeddings.weight", {t.vocab_size, hidden});
  list.add(embeddings + "position_embeddings.weight", {t.max_position_embeddings, hidden});
  list.add(embeddings + "token_type_embeddings.weight", {t.token_types, hidden});
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

void list_relu_head(ParameterLister& list, const std::string& name, std::int64_t in,
                    std::int64_t out) {
  list.linear(name + ".0", out, in);
  list.linear(name + ".2", out, out);
}

const TensorView* WeightShapes::find(const std::string& name) const {
  const auto it = weights_.tensors.find(name);
  return it == weights_.tensors.end() ? nullptr : &it->second;
}

int WeightShapes::size(const std::string& name, std::size_t dimension) const {
  const TensorView* view = find(name);
  if (!view) throw Error(Fault::data, subject_, "weight '" + name + "' is missing");
  if (dimension >= view->shape.size() || view->shape[dimension] > (1 << 24)) {
    throw Error(Fault::data, subject_,
                "weight '" + name + "' has shape " + shape_text(view->shape));
  }
  return static_cast<int>(view->shape[dimension]);
}

int WeightShapes::count(const std::string& prefix, const std::string& suffix) const {
  int n = 0;
  while (find(prefix + std::to_string(n) + suffix)) ++n;
  return n;
}

void infer_front_end(AudioConfig& a, const std::string& filters, const WeightShapes& shapes) {
  if (shapes.find(filters)) a.n_fft = 2 * (shapes.size(filters, 0) - 1);
}

void infer_htsat(AudioConfig& a, const std::string& prefix, const WeightShapes& shapes) {
  const std::string block0 = ".blocks.0.attn.relative_position_bias_table";
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
  if (shapes.find(prefix + "head.bias")) a.num_classes = shapes.size(prefix + "head.bias", 0);
}

void infer_bert(TextConfig& t, const std::string& prefix, const WeightShapes& shapes) {
  t.vocab_size = shapes.size(prefix + "embeddings.word_embeddings.weight", 0);
  t.hidden_size = shapes.size(prefix + "embeddings.word_embeddings.weight", 1);
  t.max_position_embeddings = shapes.size(prefix + "embeddings.position_embeddings.weight", 0);
  t.num_hidden_layers = shapes.count(prefix + "encoder.layer.", ".intermediate.dense.weight");
  t.intermediate_size = shapes.size(prefix + "encoder.layer.0.intermediate.dense.weight", 0);
}

namespace {

/// Rate, hop, transform, bands, their range and scale: "32000/320/1024/64/50-14000/slaney".
std::string describe_front_end(const AudioConfig& a) {
  const std::array sizes = {a.sample_rate, a.hop_length, a.n_fft, a.n_mels};
  return join(sizes, "/", [](int size) { return std::to_string(size); }) + "/" +
         number_text(a.f_min) + "-" + number_text(a.f_max) +
         (a.mel_filters == MelFilters::htk ? "/htk" : "/slaney");
}

}  // namespace

AudioSpec htsat_spec(const AudioConfig& config, ShortAudio short_audio) {
  const auto size = [](int n) { return static_cast<std::size_t>(n); };
  const std::size_t edge = size(config.n_fft / 2);  // the centred STFT reflects half a transform
  AudioSpec spec;
  spec.sample_rate = config.sample_rate;
  spec.window_s = config.window_s;
  spec.window_samples = size(config.window_samples());
  spec.min_samples = edge + 1;
  spec.features = FrameGrid{size(config.hop_length), edge};
  spec.front_end = describe_front_end(config);
  spec.short_audio = short_audio;
  return spec;
}

void add_audio_rows(std::vector<Property>& rows, const AudioConfig& a, std::size_t frames) {
  const auto add = [&](const char* name, double value) { rows.push_back({name, value}); };
  const auto list = [](const std::vector<int>& values) {
    return join(values, ",", [](int value) { return std::to_string(value); });
  };
  add("sample_rate", a.sample_rate);
  add("n_fft", a.n_fft);
  add("hop_length", a.hop_length);
  add("n_mels", a.n_mels);
  add("f_min", a.f_min);
  add("f_max", a.f_max);
  add("window_s", a.window_s);
  if (frames > 0) {
    add("frames", static_cast<double>(frames));
    add("frame_hop_s", a.window_s / static_cast<double>(frames));
  }
  add("audio_embed_dim", a.stem_channels);
  rows.push_back({"audio_depths", list(a.depths)});
  rows.push_back({"audio_num_heads", list(a.num_heads)});
}

namespace {

void add_text_sizes(std::vector<Property>& rows, const std::array<int, 5>& sizes) {
  constexpr std::array kNames = {"text_hidden_size", "text_num_hidden_layers",
                                 "text_num_attention_heads", "text_vocab_size", "text_max_tokens"};
  for (std::size_t i = 0; i < sizes.size(); ++i) rows.push_back({kNames[i], double(sizes[i])});
}

}  // namespace

void add_text_rows(std::vector<Property>& rows, const TextConfig& t) {
  add_text_sizes(rows, {t.hidden_size, t.num_hidden_layers, t.num_attention_heads, t.vocab_size,
                        t.max_tokens});
}

void add_text_rows(std::vector<Property>& rows, const Gpt2Config& t) {
  add_text_sizes(rows, {t.hidden_size, t.layers, t.heads, t.vocab_size, t.max_tokens});
}

}  // namespace claptools
