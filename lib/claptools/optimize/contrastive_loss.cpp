#include "claptools/optimize/contrastive_loss.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/masked_fill.h>
#include <ATen/ops/sqrt.h>

namespace claptools {
namespace {

constexpr double kLogGuard = 1e-7;

at::Tensor hard_negative_direction(const at::Tensor& similarity, const at::Tensor& targets,
                                   double beta, NegativeWeights along) {
  const at::Tensor s = similarity - similarity.amax(1, true).detach();
  const at::Tensor e = at::exp(s * beta);
  const at::Tensor sums = e.sum(1);
  const at::Tensor spread = sums.unsqueeze(along == NegativeWeights::official ? 0 : 1);
  const at::Tensor raw = e * static_cast<double>(s.size(0) - 1) / (spread - e);
  const at::Tensor weights = raw.masked_fill(targets > 0, 1);  // the gradient ends there
  const at::Tensor total = (weights * at::exp(s)).sum(1, /*keepdim=*/true);
  return -((s - at::log(total + kLogGuard)) * targets).sum(1).mean();
}

at::Tensor info_nce_direction(const at::Tensor& similarity, const at::Tensor& targets) {
  return -(at::log_softmax(similarity, 1) * targets).sum(1).mean();
}

}  // namespace

at::Tensor positive_targets(const at::Tensor& identities) {
  const at::Tensor equal = (identities.unsqueeze(0) == identities.unsqueeze(1)).to(at::kFloat);
  return equal / equal.sum(1, /*keepdim=*/true);
}

at::Tensor hard_negative_loss(const at::Tensor& audio_to_text, const at::Tensor& text_to_audio,
                              const at::Tensor& targets, double beta, NegativeWeights along) {
  return (hard_negative_direction(audio_to_text, targets, beta, along) +
          hard_negative_direction(text_to_audio, targets, beta, along)) /
         2;
}

at::Tensor info_nce_loss(const at::Tensor& audio_to_text, const at::Tensor& text_to_audio,
                         const at::Tensor& targets) {
  return (info_nce_direction(audio_to_text, targets) + info_nce_direction(text_to_audio, targets)) /
         2;
}

at::Tensor embedding_regulariser(const at::Tensor& embeddings) {
  return embeddings.abs().mean() / at::sqrt(embeddings.square().sum());
}

}  // namespace claptools
