#include "claptools/model/layers/layers.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>

#include "claptools/model/layers/normalise_rows.hpp"

namespace claptools {

Linear::Linear(const ParameterSource& parameters, const std::string& name)
    : weight(parameters.get(name + ".weight")) {
  if (parameters.contains(name + ".bias")) bias = parameters.get(name + ".bias");
}

void Linear::prepare(Precision precision, std::int64_t rows) {
  product = make_inference_linear(precision, weight, bias, rows);
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  return product ? product->linear(x) : at::linear(x, weight, bias);
}

at::Tensor Linear::gelu(const at::Tensor& x) const {
  return product ? product->gelu(x) : at::gelu(at::linear(x, weight, bias));
}

at::Tensor Linear::add(const at::Tensor& x, const at::Tensor& other) const {
  return product ? product->add(x, other) : other + at::linear(x, weight, bias);
}

LayerNorm::LayerNorm(const ParameterSource& parameters, const std::string& name, double epsilon)
    : weight(parameters.get(name + ".weight")),
      bias(parameters.get(name + ".bias")),
      eps(epsilon) {}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const {
  const bool plain = x.is_cpu() && x.scalar_type() == at::kFloat &&
                     weight.scalar_type() == at::kFloat && !x.requires_grad() &&
                     !weight.requires_grad();
  if (!plain) return at::layer_norm(x, weight.sizes(), weight, bias, eps);
  const at::Tensor rows = x.contiguous();
  at::Tensor out = at::empty_like(rows);
  const std::int64_t width = weight.size(0);
  normalise_rows({rows.numel() / width, width, weight.const_data_ptr<float>(),
                  bias.const_data_ptr<float>(), static_cast<float>(eps)},
                 rows.const_data_ptr<float>(), out.mutable_data_ptr<float>());
  return out;
}

Projection::Projection(const ParameterSource& parameters, const std::string& name)
    : norm0(parameters, name + ".0", 1e-5),
      norm3(parameters, name + ".3", 1e-5),
      linear1(parameters, name + ".1"),
      linear4(parameters, name + ".4") {}

void Projection::prepare(std::int64_t rows) {
  linear1.prepare(Precision::fp32, rows);
  linear4.prepare(Precision::fp32, rows);
}

at::Tensor Projection::operator()(const at::Tensor& x, const TensorProbe& tap,
                                  const std::string& prefix) const {
  at::Tensor y = x;
  const auto step = [&](at::Tensor value, const char* name) {
    y = std::move(value);
    if (tap) tap(prefix + name, y);
  };
  step(norm0(y), ".0");
  step(linear1(y), ".1");
  step(at::gelu(y), ".2");
  step(norm3(y), ".3");
  return linear4(y);
}

}  // namespace claptools
