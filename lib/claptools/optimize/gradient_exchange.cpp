#include "claptools/optimize/gradient_exchange.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>

namespace claptools {
namespace {

constexpr std::int64_t kBucketFloats = 6 << 20;  // 24 MiB: long enough to fill a link, short enough
                                                 // to leave some for later

}  // namespace

struct GradientExchange::Bucket {
  at::Tensor values;  ///< on the host; the last elements say which parameters have a gradient
  std::vector<std::size_t> members;
  std::size_t missing = 0;
  std::unique_ptr<Communicator::Pending> pending;
};

/// The graph's nodes that add up gradients, with our hooks on them; the graph itself holds them
/// weakly.
struct GradientExchange::Accumulators {
  std::vector<decltype(torch::autograd::impl::grad_accumulator(at::Tensor()))> nodes;
};

GradientExchange::GradientExchange(const std::vector<TrainedParameter>& parameters,
                                   Communicator& processes)
    : parameters_(parameters),
      processes_(processes),
      places_(parameters.size()),
      collected_(parameters.size()),
      accumulators_(std::make_unique<Accumulators>()) {
  std::int64_t size = 0;
  const auto close = [&] {
    if (buckets_.empty() || buckets_.back()->values.defined()) return;
    Bucket& bucket = *buckets_.back();
    bucket.values =
        at::empty({size + static_cast<std::int64_t>(bucket.members.size())}, at::kFloat);
  };
  for (std::size_t i = parameters.size(); i-- > 0;) {  // backward passes end at the first layers
    const std::int64_t numel = parameters[i].value.numel();
    if (buckets_.empty() || size + numel > kBucketFloats) {
      close();
      buckets_.push_back(std::make_unique<Bucket>());
      size = 0;
    }
    places_[i] = {buckets_.size() - 1, static_cast<std::size_t>(size)};
    buckets_.back()->members.push_back(i);
    size += numel;
    const auto accumulator = torch::autograd::impl::grad_accumulator(parameters[i].value);
    accumulator->add_post_hook(std::make_unique<torch::autograd::utils::LambdaPostHook>(
        [this, i](const std::vector<at::Tensor>& outputs, const std::vector<at::Tensor>&) {
          if (active_) collect(i);
          return outputs;
        }));
    accumulators_->nodes.push_back(accumulator);
  }
  close();
}

GradientExchange::~GradientExchange() = default;

void GradientExchange::begin() {
  active_ = true;
  next_ = 0;
  std::fill(collected_.begin(), collected_.end(), 0);
  for (const auto& bucket : buckets_) {
    bucket->missing = bucket->members.size();
    bucket->values.zero_();
  }
}

/// Copies a gradient into its bucket; full buckets leave, in order.
void GradientExchange::collect(std::size_t parameter) {
  const at::NoGradGuard guard;
  const auto [index, offset] = places_[parameter];
  Bucket& bucket = *buckets_[index];
  const at::Tensor& value = parameters_[parameter].value;
  if (value.grad().defined()) {
    const std::int64_t numel = value.numel();
    bucket.values.narrow(0, static_cast<std::int64_t>(offset), numel).copy_(value.grad().view(-1));
    const auto member = std::find(bucket.members.begin(), bucket.members.end(), parameter);
    bucket.values[bucket.values.numel() - (bucket.members.end() - member)] = 1;
  }
  collected_[parameter] = 1;
  --bucket.missing;
  for (; next_ < buckets_.size() && buckets_[next_]->missing == 0; ++next_) send(*buckets_[next_]);
}

void GradientExchange::send(Bucket& bucket) {
  bucket.pending = processes_.start_sum(
      {bucket.values.data_ptr<float>(), static_cast<std::size_t>(bucket.values.numel())});
}

void GradientExchange::finish() {
  const at::NoGradGuard guard;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!collected_[i]) collect(i);
  }
  active_ = false;
  for (const auto& bucket : buckets_) {
    bucket->pending->wait();
    bucket->pending.reset();
    bucket->values /= processes_.size();
    const auto count = static_cast<std::int64_t>(bucket->members.size());
    const at::Tensor present = bucket->values.narrow(0, bucket->values.numel() - count, count);
    for (std::int64_t m = 0; m < count; ++m) {
      const std::size_t i = bucket->members[static_cast<std::size_t>(m)];
      at::Tensor value = parameters_[i].value;
      if (present[m].item<float>() == 0) continue;
      if (!value.grad().defined()) value.mutable_grad() = at::zeros_like(value);
      value.mutable_grad().view(-1).copy_(
          bucket->values.narrow(0, static_cast<std::int64_t>(places_[i].second), value.numel()));
    }
  }
}

}  // namespace claptools
