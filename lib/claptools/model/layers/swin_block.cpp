#include "claptools/model/layers/swin_block.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>

#include "claptools/families/derived_weights.hpp"
#include "claptools/model/layers/permute_tokens.hpp"
#include "claptools/model/layers/window_attention.hpp"

namespace claptools {
namespace {

// Tokens at a time: the results of more leave the cache, fewer cost more calls.
constexpr std::int64_t kPartTokens = 1024;

}  // namespace

SwinBlock::SwinBlock(const ParameterSource& parameters, const std::string& name,
                     const AudioConfig& config, int stage, int shift, double depth)
    : heads_(config.num_heads[static_cast<std::size_t>(stage)]),
      window_tokens_(std::int64_t{config.window_size} * config.window_size),
      order_(window_order(config.stage_grid(stage), config.window_size, shift)),
      norm1_(parameters, name + ".norm1", config.layer_norm_eps),
      norm2_(parameters, name + ".norm2", config.layer_norm_eps),
      qkv_(parameters, name + ".attn.qkv"),
      proj_(parameters, name + ".attn.proj"),
      fc1_(parameters, name + ".mlp.fc1"),
      fc2_(parameters, name + ".mlp.fc2"),
      depth_(depth),
      table_(parameters.get(name + ".attn.relative_position_bias_table")),
      index_(index_tensor(relative_position_index(config.window_size), table_.device())
                 .view({window_tokens_, window_tokens_})) {
  if (shift > 0) keep_masks(shift_mask(config.stage_grid(stage), config.window_size));
  if (!table_.requires_grad()) bias_ = attention_bias().contiguous();
}

/// Only the windows at the edges have masks of their own: alike ones are kept, and read, once.
/// @param masks [windows, w*w, w*w].
void SwinBlock::keep_masks(const std::vector<float>& masks) {
  const auto size = static_cast<std::size_t>(window_tokens_ * window_tokens_);
  std::vector<float> kept;
  for (auto mask = masks.begin(); mask != masks.end(); mask += size) {
    std::size_t at = 0;
    while (at < kept.size() && !std::equal(mask, mask + size, kept.begin() + at)) at += size;
    if (at == kept.size()) kept.insert(kept.end(), mask, mask + size);
    mask_of_window_.push_back(static_cast<std::int64_t>(at / size));
  }
  shift_mask_ = at::tensor(at::ArrayRef<float>(kept))
                    .view({-1, 1, window_tokens_, window_tokens_})
                    .to(table_.device());
  window_masks_ = index_tensor(mask_of_window_, table_.device());
}

/// [masks or 1, heads, w*w, w*w].
at::Tensor SwinBlock::attention_bias() const {
  const at::Tensor bias = at::embedding(table_, index_).permute({2, 0, 1}).unsqueeze(0);
  return shift_mask_.defined() ? bias + shift_mask_ : bias;
}

/// Tokens that infer() takes at a time: whole windows, no more than there are.
std::int64_t SwinBlock::part_tokens() const {
  const std::int64_t part = std::max(kPartTokens / window_tokens_, std::int64_t{1});
  return std::min(part * window_tokens_, static_cast<std::int64_t>(order_.size()));
}

void SwinBlock::prepare(Precision precision) {
  const std::int64_t rows = part_tokens();
  for (Linear* linear : {&qkv_, &proj_, &fc1_, &fc2_}) linear->prepare(precision, rows);
}

void SwinBlock::prepare_value_path() {
  const auto rows = static_cast<std::int64_t>(order_.size());
  value_ = value_part();
  for (Linear* linear : {&value_, &proj_}) linear->prepare(Precision::fp32, rows);
}

Linear SwinBlock::value_part() const {
  const std::int64_t channels = qkv_.weight.size(1);
  Linear part;
  part.weight = qkv_.weight.narrow(0, 2 * channels, channels);
  if (qkv_.bias.defined()) part.bias = qkv_.bias.narrow(0, 2 * channels, channels);
  return part;
}

at::Tensor SwinBlock::mix_values(const at::Tensor& qkv, at::Tensor* attention) const {
  const std::int64_t batch = qkv.size(0), channels = qkv.size(2) / 3, head = channels / heads_;
  const std::int64_t windows = qkv.size(1) / window_tokens_;
  const std::int64_t maps = batch * windows * heads_;
  // [3, B * windows, heads, tokens, head]
  const at::Tensor parts =
      qkv.view({batch * windows, window_tokens_, 3, heads_, head}).permute({2, 0, 3, 1, 4});
  const auto part = [&](int i) { return parts[i].reshape({maps, window_tokens_, head}); };
  at::Tensor bias = bias_.defined() ? bias_ : attention_bias();
  if (shift_mask_.defined()) bias = at::index_select(bias, 0, window_masks_);
  bias = bias.expand({batch, windows, heads_, window_tokens_, window_tokens_});
  const at::Tensor logits =
      at::baddbmm(bias.reshape({maps, window_tokens_, window_tokens_}), part(0),
                  part(1).transpose(1, 2), 1, 1 / std::sqrt(static_cast<double>(head)));
  const at::Tensor weights = at::softmax(logits, -1);
  if (attention)
    *attention = weights.view({batch * windows, heads_, window_tokens_, window_tokens_});
  const at::Tensor mixed =
      at::bmm(weights, part(2)).view({batch * windows, heads_, window_tokens_, head});
  return mixed.transpose(1, 2).reshape({batch, qkv.size(1), channels});
}

at::Tensor SwinBlock::mix_values_at_once(const at::Tensor& qkv, std::int64_t first_window) const {
  const std::int64_t channels = qkv.size(2) / 3;
  at::Tensor mixed = at::empty({qkv.size(0), qkv.size(1), channels}, qkv.options());
  const at::Tensor rows = qkv.contiguous();
  const std::int64_t windows = std::max(std::ssize(mask_of_window_), std::ptrdiff_t{1});
  attend_windows(
      {.windows = qkv.size(0) * qkv.size(1) / window_tokens_,
       .tokens = window_tokens_,
       .heads = heads_,
       .head = channels / heads_,
       .qkv = rows.const_data_ptr<float>(),
       .bias = bias_.const_data_ptr<float>(),
       .bias_windows = windows,
       .out = mixed.mutable_data_ptr<float>(),
       .bias_of_window = shift_mask_.defined() ? mask_of_window_.data() + first_window : nullptr});
  return mixed;
}

/// forward() for some windows of a clip.
at::Tensor SwinBlock::infer_part(const at::Tensor& x, std::int64_t first_window) const {
  const at::Tensor y = proj_.add(mix_values_at_once(qkv_(norm1_(x)), first_window), x);
  return fc2_.add(fc1_.gelu(norm2_(y)), y);
}

/// Some windows at a time, so that each step finds what the one before it made in the cache.
at::Tensor SwinBlock::infer(const at::Tensor& x) const {
  if (x.size(0) == 1 && x.size(1) <= part_tokens()) return infer_part(x, 0);
  at::Tensor out = at::empty_like(x, at::MemoryFormat::Contiguous);
  for (std::int64_t clip = 0; clip < x.size(0); ++clip) {
    for (std::int64_t first = 0; first < x.size(1); first += part_tokens()) {
      const std::int64_t count = std::min(part_tokens(), x.size(1) - first);
      const auto part = [&](const at::Tensor& all) {
        return all.narrow(0, clip, 1).narrow(1, first, count);
      };
      part(out).copy_(infer_part(part(x), first / window_tokens_));
    }
  }
  return out;
}

at::Tensor SwinBlock::dropped(const at::Tensor& branch, TrainingPass* training) const {
  return training ? training->drop_path(branch, depth_) : branch;
}

at::Tensor SwinBlock::forward(const at::Tensor& x, at::Tensor* attention,
                              TrainingPass* training) const {
  if (!training && !attention && qkv_.product && x.is_cpu()) return infer(x);
  const at::Tensor qkv = qkv_(norm1_(x));
  const bool at_once = bias_.defined() && !attention && qkv.is_cpu() &&
                       qkv.scalar_type() == at::kFloat && !qkv.requires_grad();
  const at::Tensor mixed = at_once ? mix_values_at_once(qkv, 0) : mix_values(qkv, attention);
  if (training) {
    const at::Tensor y = x + dropped(proj_(mixed), training);
    return y + dropped(fc2_(fc1_.gelu(norm2_(y))), training);
  }
  const at::Tensor y = proj_.add(mixed, x);
  return fc2_.add(fc1_.gelu(norm2_(y)), y);
}

at::Tensor SwinBlock::value_path(const at::Tensor& x, TrainingPass* training) const {
  const at::Tensor value = (value_.weight.defined() ? value_ : value_part())(norm1_(x));
  const at::Tensor v = x + dropped(proj_(value), training);
  return v + dropped(norm2_(v), training);
}

}  // namespace claptools
