#include "claptools/model/gpt2.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>

namespace claptools {
namespace {

constexpr double kLayerNormEps = 1e-5;

/// Of weights [in, out].
Linear load_product(const ParameterSource& parameters, const std::string& name) {
  Linear product;
  product.weight = parameters.get(name + ".weight").t();
  product.bias = parameters.get(name + ".bias");
  return product;
}

/// What is added to the scores of each text: the lowest float where a token must not look.
/// @return [B, 1, L, L].
at::Tensor attention_bias(const at::Tensor& mask, const at::TensorOptions& options) {
  const std::int64_t length = mask.size(1);
  const at::Tensor before = at::ones({length, length}, mask.options()).tril();
  const at::Tensor seen = mask.unsqueeze(1).logical_and(before).unsqueeze(1);
  const at::Tensor zero = at::zeros({}, options);
  return at::where(seen, zero, zero + std::numeric_limits<float>::lowest());
}

}  // namespace

Gpt2Encoder::Gpt2Encoder(const ParameterSource& parameters, const std::string& prefix, int layers,
                         int heads)
    : heads_(heads),
      words_(parameters.get(prefix + "wte.weight")),
      positions_(parameters.get(prefix + "wpe.weight")),
      last_norm_(parameters, prefix + "ln_f", kLayerNormEps) {
  for (int i = 0; i < layers; ++i) {
    const std::string name = prefix + "h." + std::to_string(i) + ".";
    layers_.push_back({LayerNorm(parameters, name + "ln_1", kLayerNormEps),
                       LayerNorm(parameters, name + "ln_2", kLayerNormEps),
                       load_product(parameters, name + "attn.c_attn"),
                       load_product(parameters, name + "attn.c_proj"),
                       load_product(parameters, name + "mlp.c_fc"),
                       load_product(parameters, name + "mlp.c_proj")});
  }
}

void Gpt2Encoder::prepare() {
  if (!words_.is_cpu()) return;
  constexpr std::int64_t kRows = 256;  // tokens of a batch of captions
  for (Layer& layer : layers_) {
    for (Linear* linear : {&layer.inputs, &layer.attention_output, &layer.inner, &layer.output}) {
      linear->weight = linear->weight.contiguous();
      linear->prepare(Precision::fp32, kRows);
    }
  }
}

at::Tensor Gpt2Encoder::attend(const Layer& layer, const at::Tensor& x,
                               const at::Tensor& bias) const {
  const std::int64_t batch = x.size(0), length = x.size(1), head = x.size(2) / heads_;
  // [3, B, heads, L, head]
  const at::Tensor parts =
      layer.inputs(layer.norm1(x)).view({batch, length, 3, heads_, head}).permute({2, 0, 3, 1, 4});
  const at::Tensor scores = at::matmul(parts[0], parts[1].transpose(2, 3));
  const at::Tensor weights = at::softmax(scores / std::sqrt(static_cast<double>(head)) + bias, -1);
  return at::matmul(weights, parts[2]).transpose(1, 2).reshape({batch, length, -1});
}

at::Tensor Gpt2Encoder::forward(const at::Tensor& ids, const at::Tensor& mask,
                                const TensorProbe& tap) const {
  at::Tensor x = at::embedding(words_, ids) + positions_.narrow(0, 0, ids.size(1));
  if (tap) tap("token_embeddings", x);
  const at::Tensor bias = attention_bias(mask, x.options());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    x = layer.attention_output.add(attend(layer, x, bias), x);
    x = layer.output.add(at::gelu(layer.inner(layer.norm2(x)), "tanh"), x);
    if (tap) tap("layer" + std::to_string(i), x);
  }
  x = last_norm_(x);
  if (tap) tap("token_states", x);
  return x;
}

}  // namespace claptools
