#include "claptools/model/codebook.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/max.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/sort.h>

#include <cmath>
#include <string>
#include <utility>

namespace claptools {
namespace {

/// weights [B, K] by codewords [K, D]. Of a single clip most of the 16 MB of codewords have weight
/// 0 and are not read.
at::Tensor weighted_sum(const at::Tensor& weights, const at::Tensor& codewords) {
  const bool few = weights.is_cpu() && weights.size(0) == 1 && !weights.requires_grad() &&
                   !codewords.requires_grad();
  if (!few) return at::matmul(weights, codewords);
  const at::Tensor used = at::nonzero(weights[0]).squeeze(1);
  return at::matmul(weights.index_select(1, used), codewords.index_select(0, used));
}

}  // namespace

at::Tensor sparsemax(const at::Tensor& x) {
  // invariant to shifts; keeps the sums small
  const at::Tensor shifted = x - x.amax(-1, true).detach();
  const at::Tensor sorted = std::get<0>(at::sort(shifted, -1, /*descending=*/true)).to(at::kDouble);
  const at::Tensor sums = at::cumsum(sorted, -1) - 1;
  const at::Tensor count = at::arange(1, x.size(-1) + 1, sorted.options());
  // One code at least holds everywhere but for NaN, which then goes on as NaN.
  const at::Tensor support = (sorted * count > sums).sum(-1, /*keepdim=*/true).clamp_min(1);
  const at::Tensor tau = sums.gather(-1, support - 1) / support;
  return (shifted - tau).clamp_min(0).to(x.scalar_type());
}

SharedCodebook::SharedCodebook(at::Tensor codewords, double temperature)
    : codewords_(std::move(codewords)), temperature_(temperature) {}

void SharedCodebook::prepare(std::int64_t rows) {
  product_ = make_inference_linear(Precision::fp32, codewords_, {}, rows);
}

at::Tensor SharedCodebook::local_affinity(const at::Tensor& locals, const at::Tensor& mask) const {
  at::Tensor affinity = product_ ? product_->linear(locals) : at::matmul(locals, codewords_.t());
  affinity /= std::sqrt(static_cast<double>(codewords_.size(1)));
  if (mask.defined()) affinity *= mask.unsqueeze(-1);
  return affinity /= temperature_;
}

at::Tensor SharedCodebook::affinity(const at::Tensor& locals, const at::Tensor& mask) const {
  const at::Tensor affinity = local_affinity(locals, mask);
  // faster, but its gradient is shared out among equal maxima
  if (!affinity.requires_grad()) return at::amax(affinity, 1);
  return std::get<0>(at::max(affinity, 1));
}

at::Tensor SharedCodebook::mix(const at::Tensor& affinity, const TensorProbe& tap) const {
  const at::Tensor weights = sparsemax(affinity);
  const at::Tensor raw = weighted_sum(weights, codewords_);
  const at::Tensor unit = unit_rows(raw);
  if (tap) {
    tap("affinity", affinity);
    tap("codeword_weights", weights);
    tap("mixture", raw);
    tap("embedding", unit);
  }
  return unit;
}

at::Tensor unit_rows(const at::Tensor& x) {
  return x / at::linalg_vector_norm(x, 2, -1, true).clamp_min(1e-12);
}

}  // namespace claptools
