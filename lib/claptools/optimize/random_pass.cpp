#include "claptools/optimize/random_pass.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <vector>

#include "claptools/core/random.hpp"

namespace claptools {
namespace {

constexpr double kBatchNormEps = 1e-5, kMomentum = 0.1;
constexpr int kStripes = 2, kTimeWidth = 64, kFrequencyWidth = 8;

/// Zeroes `stripes` stripes of 0 .. width - 1 places along one side of a [rows, columns] mask.
void mask_stripes(at::TensorAccessor<float, 2> mask, bool columns, int width, Random& random) {
  const std::int64_t total = mask.size(columns ? 1 : 0);
  for (int stripe = 0; stripe < kStripes; ++stripe) {
    const auto size = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(width)));
    if (size >= total) continue;
    const auto begin =
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(total - size)));
    for (std::int64_t i = begin; i < begin + size; ++i) {
      for (std::int64_t j = 0; j < mask.size(columns ? 0 : 1); ++j) {
        (columns ? mask[j][i] : mask[i][j]) = 0;
      }
    }
  }
}

/// Fills one sample's mask. What an element gets depends on its indices, not on how far the sample
/// is padded: each row is drawn from a seed of its own.
void fill_dropout(float* mask, at::IntArrayRef shape, double rate, std::uint64_t seed) {
  if (shape.size() > 1) {
    std::int64_t inner = 1;
    for (const std::int64_t size : shape.slice(1)) inner *= size;
    for (std::int64_t i = 0; i < shape[0]; ++i) {
      fill_dropout(mask + i * inner, shape.slice(1), rate,
                   hash_seed({seed, static_cast<std::uint64_t>(i)}));
    }
    return;
  }
  const auto kept = static_cast<float>(1 / (1 - rate));
  Random random(seed);
  for (std::int64_t i = 0; i < shape[0]; ++i) mask[i] = random.uniform() < rate ? 0 : kept;
}

}  // namespace

RandomPass::RandomPass(const TrainerOptions& options, const TrainingBatch& batch,
                       Communicator& processes)
    : options_(options), batch_(batch), processes_(processes) {}

std::uint64_t RandomPass::next_seed(std::int64_t sample) {
  return hash_seed(
      {options_.seed, batch_.step, batch_.first + static_cast<std::uint64_t>(sample), call_});
}

at::Tensor RandomPass::sum_over_ranks(const at::Tensor& values) const {
  const at::Tensor host = values.to(at::kCPU, at::kDouble).contiguous();
  processes_.sum({host.data_ptr<double>(), static_cast<std::size_t>(host.numel())});
  return host.to(values.device());
}

at::Tensor RandomPass::batch_norm(const at::Tensor& x, const BatchNorm& norm) {
  at::Tensor normal;
  constexpr std::int64_t kOther[] = {0, 2};  // a list in place: ambiguous before LibTorch 2.13
  {  // spectrograms are no function of the weights: no gradient flows through their statistics
    const at::NoGradGuard guard;
    const at::Tensor wide = x.to(at::kDouble);
    const at::Tensor count = sum_over_ranks(
        at::tensor(static_cast<double>(x.size(0) * x.size(2)), x.options().dtype(at::kDouble)));
    const at::Tensor mean = sum_over_ranks(wide.sum(kOther)) / count;
    const at::Tensor centred = wide - mean.view({1, -1, 1});
    const at::Tensor variance = sum_over_ranks(centred.square().sum(kOther)) / count;
    normal = (centred * at::rsqrt(variance + kBatchNormEps).view({1, -1, 1})).to(x.scalar_type());
    norm.mean.lerp_(mean.to(at::kFloat), kMomentum);
    norm.variance.lerp_((variance * (count / (count - 1))).to(at::kFloat), kMomentum);
    if (norm.count.defined()) norm.count.add_(1);
  }
  return normal * norm.weight.view({1, -1, 1}) + norm.bias.view({1, -1, 1});
}

at::Tensor RandomPass::mask_spectrogram(const at::Tensor& x) {
  if (!options_.spec_augment) return x;
  ++call_;
  const at::Tensor mask = at::ones(x.sizes(), at::kFloat);
  for (std::int64_t b = 0; b < x.size(0); ++b) {
    Random random(next_seed(b));
    const at::Tensor sample = mask[b];
    mask_stripes(sample.accessor<float, 2>(), true, kTimeWidth, random);
    mask_stripes(sample.accessor<float, 2>(), false, kFrequencyWidth, random);
  }
  return x * mask.to(x.device());
}

at::Tensor RandomPass::drop_path(const at::Tensor& branch, double depth) {
  const double rate = options_.drop_path * depth;
  if (rate == 0) return branch;
  ++call_;
  std::vector<float> kept;
  for (std::int64_t b = 0; b < branch.size(0); ++b) {
    const bool drop = Random(next_seed(b)).uniform() < rate;
    kept.push_back(drop ? 0.0f : static_cast<float>(1 / (1 - rate)));
  }
  std::vector<std::int64_t> shape(static_cast<std::size_t>(branch.dim()), 1);
  shape[0] = branch.size(0);
  const at::Tensor scale = at::tensor(at::ArrayRef<float>(kept)).view(shape);
  return branch * scale.to(branch.device(), branch.scalar_type());
}

at::Tensor RandomPass::dropout(const at::Tensor& x) {
  if (options_.text_dropout == 0) return x;
  ++call_;
  if (!x.device().is_cpu()) return at::dropout(x, options_.text_dropout, true);
  const at::Tensor mask = at::empty(x.sizes(), at::kFloat);
  const std::int64_t stride = x.numel() / x.size(0);
  for (std::int64_t b = 0; b < x.size(0); ++b) {
    fill_dropout(mask.data_ptr<float>() + b * stride, x.sizes().slice(1), options_.text_dropout,
                 next_seed(b));
  }
  return x * mask;
}

}  // namespace claptools
