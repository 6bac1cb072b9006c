#include "claptools/model/bert.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>

#include "claptools/model/layers/window_attention.hpp"

namespace claptools {
namespace {

at::Tensor dropped(at::Tensor x, TrainingPass* training) {
  return training ? training->dropout(x) : x;
}

}  // namespace

TextEncoder::TextEncoder(const ParameterSource& parameters, const std::string& prefix,
                         const TextConfig& config)
    : heads_(config.num_attention_heads), pad_(config.pad_token_id) {
  const std::string embeddings = prefix + "embeddings.";
  words_ = parameters.get(embeddings + "word_embeddings.weight");
  positions_ = parameters.get(embeddings + "position_embeddings.weight");
  token_types_ = parameters.get(embeddings + "token_type_embeddings.weight");
  embedding_norm_ = LayerNorm(parameters, embeddings + "LayerNorm", config.layer_norm_eps);
  for (int i = 0; i < config.num_hidden_layers; ++i) {
    const std::string name = prefix + "encoder.layer." + std::to_string(i) + ".";
    const auto linear = [&](const char* part) { return Linear(parameters, name + part); };
    const auto norm = [&](const char* part) {
      return LayerNorm(parameters, name + part, config.layer_norm_eps);
    };
    layers_.push_back({linear("attention.self.query"),
                       linear("attention.self.key"),
                       linear("attention.self.value"),
                       linear("attention.output.dense"),
                       linear("intermediate.dense"),
                       linear("output.dense"),
                       {},
                       norm("attention.output.LayerNorm"),
                       norm("output.LayerNorm")});
  }
}

void TextEncoder::prepare() {
  if (!words_.is_cpu()) return;
  constexpr std::int64_t kRows = 256;  // tokens of a batch of captions
  for (Layer& layer : layers_) {
    layer.inputs.weight = at::cat({layer.query.weight, layer.key.weight, layer.value.weight});
    layer.inputs.bias = at::cat({layer.query.bias, layer.key.bias, layer.value.bias});
    for (Linear* linear :
         {&layer.inputs, &layer.attention_output, &layer.intermediate, &layer.output})
      linear->prepare(Precision::fp32, kRows);
    if (layer.inputs.product) layer.inputs.weight = layer.inputs.bias = at::Tensor();
  }
}

/// @param positions of the tokens, [L, hidden] for ids [B, L] or [tokens, hidden] for ids [tokens].
at::Tensor TextEncoder::embed(const at::Tensor& ids, const at::Tensor& positions) const {
  const at::Tensor types = token_types_[0];  // one sentence: all of type 0
  return embedding_norm_(at::embedding(words_, ids) + types + positions);
}

/// Embeddings of the tokens' positions, [L, hidden] or [B, L, hidden] for ids [B, L]. RoBERTa skips
/// what has the padding's id, wherever it is.
at::Tensor TextEncoder::place(const at::Tensor& ids) const {
  if (pad_ < 0) return positions_.narrow(0, 0, ids.size(1));
  const at::Tensor real = ids.ne(pad_).to(at::kLong);
  return at::embedding(positions_, real.cumsum(1) * real + pad_);
}

at::Tensor TextEncoder::attend(const Layer& layer, const at::Tensor& x, const at::Tensor& bias,
                               TrainingPass* training) const {
  const std::int64_t batch = x.size(0), length = x.size(1), head = x.size(2) / heads_;
  const auto split = [&](const at::Tensor& y) {
    return y.view({batch, length, heads_, head}).transpose(1, 2);
  };
  const at::Tensor scores = at::matmul(split(layer.query(x)), split(layer.key(x)).transpose(2, 3));
  const at::Tensor weights =
      dropped(at::softmax(scores / std::sqrt(static_cast<double>(head)) + bias, -1), training);
  const at::Tensor mixed = at::matmul(weights, split(layer.value(x)));
  return dropped(layer.attention_output(mixed.transpose(1, 2).reshape({batch, length, -1})),
                 training);
}

at::Tensor TextEncoder::forward(const at::Tensor& ids, const at::Tensor& mask,
                                const TensorProbe& tap, TrainingPass* training) const {
  const bool prepared = layers_[0].inputs.product || layers_[0].inputs.weight.defined();
  if (prepared && !tap && !training) return forward_tokens(ids, mask);
  at::Tensor x = dropped(embed(ids, place(ids)), training);
  if (tap) tap("token_embeddings", x);
  const at::Tensor zero = at::zeros({}, x.options());
  const at::Tensor bias =
      at::where(mask, zero, zero + std::numeric_limits<float>::lowest()).unsqueeze(1).unsqueeze(1);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const at::Tensor y = layer.attention_norm(attend(layer, x, bias, training) + x);
    x = layer.output_norm(dropped(layer.output(layer.intermediate.gelu(y)), training) + y);
    if (tap) tap("layer" + std::to_string(i), x);
  }
  if (tap) tap("token_states", x);
  return x;
}

/// The texts' tokens one after the other, [tokens, hidden], without padding.
at::Tensor TextEncoder::forward_tokens(const at::Tensor& ids, const at::Tensor& mask) const {
  const std::int64_t hidden = words_.size(1);
  const at::Tensor tokens = mask.flatten().nonzero().squeeze(1);
  const at::Tensor lengths = mask.sum(1);
  const std::int64_t *first = lengths.const_data_ptr<std::int64_t>(),
                     *last = first + lengths.numel();
  at::Tensor x = embed(at::index_select(ids.flatten(), 0, tokens),
                       pad_ < 0 ? at::index_select(positions_, 0, tokens.remainder(ids.size(1)))
                                : at::index_select(place(ids).flatten(0, 1), 0, tokens));
  at::Tensor mixed = at::empty_like(x);
  for (const Layer& layer : layers_) {
    const at::Tensor inputs = layer.inputs(x);
    const float* qkv = inputs.const_data_ptr<float>();
    float* out = mixed.mutable_data_ptr<float>();
    for (const std::int64_t* length = first; length != last; ++length) {
      attend_windows({.windows = 1,
                      .tokens = *length,
                      .heads = heads_,
                      .head = hidden / heads_,
                      .qkv = qkv,
                      .bias = nullptr,
                      .bias_windows = 1,
                      .out = out});
      qkv += *length * 3 * hidden;
      out += *length * hidden;
    }
    const at::Tensor y = layer.attention_norm(layer.attention_output.add(mixed, x));
    x = layer.output_norm(layer.output.add(layer.intermediate.gelu(y), y));
  }
  return at::zeros({mask.numel(), hidden}, x.options())
      .index_copy_(0, tokens, x)
      .view({ids.size(0), ids.size(1), hidden});
}

}  // namespace claptools
