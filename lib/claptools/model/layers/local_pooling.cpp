#include "claptools/model/layers/local_pooling.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>

#include <cmath>
#include <utility>

namespace claptools {

LocalPooling::LocalPooling(at::Tensor query) : query_(std::move(query)) {}

at::Tensor LocalPooling::operator()(const at::Tensor& locals, const at::Tensor& mask) const {
  at::Tensor weights =
      mask.defined() ? mask : at::ones({locals.size(0), locals.size(1)}, locals.options());
  if (query_.defined()) {
    const at::Tensor logits =
        at::matmul(locals, query_) / std::sqrt(static_cast<double>(query_.size(0)));
    weights = weights * at::exp(logits - logits.amax(1, true).detach());
  }
  const at::Tensor total = weights.sum(1, /*keepdim=*/true).clamp_min(1e-12);
  return (locals * (weights / total).unsqueeze(-1)).sum(1);
}

}  // namespace claptools
