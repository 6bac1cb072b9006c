#include "claptools/model/htsat.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/upsample_bicubic2d.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "claptools/core/error.hpp"
#include "claptools/families/derived_weights.hpp"
#include "claptools/model/layers/permute_tokens.hpp"
#include "claptools/model/layers/window_attention.hpp"

namespace claptools {
namespace {

constexpr double kLayerNormEps = 1e-5, kBatchNormEps = 1e-5;
// Tokens at a time: the results of more leave the cache, fewer cost more calls.
constexpr std::int64_t kPartTokens = 1024;

at::Tensor index_tensor(const TokenOrder& order, const at::Device& device) {
  return at::tensor(at::IntArrayRef(order)).to(device);
}

BatchNorm load_batch_norm(const ParameterSource& parameters, const std::string& prefix) {
  const std::string count = prefix + "num_batches_tracked";
  return {parameters.get(prefix + "weight"), parameters.get(prefix + "bias"),
          parameters.get(prefix + "running_mean"), parameters.get(prefix + "running_var"),
          parameters.contains(count) ? parameters.get(count) : at::Tensor()};
}

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

HtsatEncoder::Reorder::Reorder(const TokenOrder& gather, const at::Device& device)
    : order(index_tensor(gather, device)), inverse(index_tensor(invert(gather), device)) {}

at::Tensor HtsatEncoder::Reorder::operator()(const at::Tensor& tokens) const {
  return order.defined() ? permute_tokens(tokens, order, inverse) : tokens;
}

HtsatEncoder::HtsatEncoder(const ParameterSource& parameters, const std::string& prefix,
                           const AudioConfig& config)
    : config_(config),
      batch_norm_(load_batch_norm(parameters, prefix + "bn0.")),
      patch_(parameters, prefix + "patch_embed.proj"),
      patch_norm_(parameters, prefix + "patch_embed.norm", kLayerNormEps),
      norm_(parameters, prefix + "norm", kLayerNormEps) {
  const std::string patch = prefix + "patch_embed.";
  if (parameters.contains(patch + "mel_conv2d.weight")) fusion_.emplace(parameters, patch);
  for (int stage = 0; stage < config.stages(); ++stage)
    stages_.push_back(make_stage(parameters, prefix, stage));
  to_rows_ = Reorder(invert(stages_.back().blocks.back().order()), batch_norm_.weight.device());
}

HtsatEncoder::Stage HtsatEncoder::make_stage(const ParameterSource& parameters,
                                             const std::string& prefix, int index) const {
  const std::string name = prefix + "layers." + std::to_string(index) + ".";
  const int grid = config_.stage_grid(index), window = config_.window_size;
  const at::Device device = batch_norm_.weight.device();
  const auto first = config_.depths.begin() + index;
  const int before = std::accumulate(config_.depths.begin(), first, 0);
  const int last = std::max(1, std::accumulate(first, config_.depths.end(), before) - 1);
  Stage stage;
  TokenOrder order = window_order(grid, window, 0);
  for (int b = 0; b < config_.depths[static_cast<std::size_t>(index)]; ++b) {
    const int shift = b % 2 == 1 && grid > window ? window / 2 : 0;
    stage.blocks.emplace_back(parameters, name + "blocks." + std::to_string(b), config_, index,
                              shift, static_cast<double>(before + b) / last);
    const TokenOrder& next = stage.blocks.back().order();
    stage.reorders.push_back(next == order ? Reorder()
                                           : Reorder(gather_between(order, next), device));
    order = next;
  }
  if (index + 1 == config_.stages()) return stage;
  stage.merge = Reorder(merge_gather(grid, window, order), device);
  stage.merge_norm = LayerNorm(parameters, name + "downsample.norm", kLayerNormEps);
  stage.merge_reduction = Linear(parameters, name + "downsample.reduction");
  return stage;
}

void HtsatEncoder::prepare(Precision precision) {
  for (std::size_t s = 0; s < stages_.size(); ++s) {
    Stage& stage = stages_[s];
    const bool last = s + 1 == stages_.size();
    for (SwinBlock& block : stage.blocks) {
      const bool value_path = config_.local_block && last && &block == &stage.blocks.back();
      value_path ? block.prepare_value_path() : block.prepare(precision);
    }
    const std::int64_t grid = config_.stage_grid(static_cast<int>(s));
    if (!last) stage.merge_reduction.prepare(precision, grid * grid / 4);
  }
}

/// [B, T, mels] -> [B, mels, T]; in training with the batch's own statistics, then masked.
at::Tensor HtsatEncoder::normalise(const at::Tensor& log_mel, TrainingPass* training) const {
  const at::Tensor x = log_mel.transpose(1, 2);
  if (training) return training->mask_spectrogram(training->batch_norm(x, batch_norm_));
  const auto& [weight, bias, mean, variance, count] = batch_norm_;
  return at::batch_norm(x, weight, bias, mean, variance, false, 0, kBatchNormEps, false);
}

/// [.., T, mels] -> [.., spec, spec]: normalised, stretched in time to the image, folded into
/// chunks of frames.
at::Tensor HtsatEncoder::to_image(const at::Tensor& log_mel, const TensorProbe& tap,
                                  TrainingPass* training) const {
  const std::int64_t frames = config_.spec_frames(), mels = config_.n_mels,
                     spec = config_.spec_size;
  if (log_mel.dim() == 4) {
    const at::Tensor images = to_image(log_mel.flatten(0, 1), tap, training);
    return images.view({log_mel.size(0), log_mel.size(1), spec, spec});
  }
  if (log_mel.size(1) > frames) {
    throw Error(Fault::data, "audio",
                std::to_string(log_mel.size(1)) + " spectrogram frames, the model takes " +
                    std::to_string(frames));
  }
  at::Tensor x = normalise(log_mel, training);
  if (tap) tap("normalised", x.transpose(1, 2).unsqueeze(1));
  if (x.size(2) < frames)
    x = at::upsample_bicubic2d(x.unsqueeze(1), {mels, frames}, /*align_corners=*/true).squeeze(1);
  if (tap) tap("stretched", x.transpose(1, 2).unsqueeze(1));
  x = x.view({x.size(0), mels, frames / spec, spec})
          .transpose(1, 2)
          .reshape({x.size(0), spec, spec});
  if (tap) tap("image", x.unsqueeze(1));
  return x;
}

/// [B, spec, spec] -> [B, tokens, C] in the first stage's window order; a stride as wide as its
/// kernel makes the convolution a product.
at::Tensor HtsatEncoder::project_patches(const at::Tensor& image) const {
  const std::int64_t window = config_.window_size, patch = config_.patch_size,
                     windows = config_.grid() / window;
  const at::Tensor patches =
      image.view({image.size(0), windows, window, patch, windows, window, patch})
          .permute({0, 1, 4, 2, 5, 3, 6})
          .reshape({image.size(0), config_.grid() * config_.grid(), patch * patch});
  return at::linear(patches, patch_.weight.flatten(1), patch_.bias);
}

/// A probe of patches [B, tokens, C] as a map [B, C, grid, grid].
void HtsatEncoder::probe_map(const TensorProbe& tap, const char* name,
                             const at::Tensor& tokens) const {
  if (!tap) return;
  const auto rows =
      index_tensor(invert(window_order(config_.grid(), config_.window_size, 0)), tokens.device());
  tap(name, at::index_select(tokens, 1, rows).transpose(1, 2));
}

/// [B, spec, spec], or views [B, 4, spec, spec] that are joined -> [B, tokens, C] in the first
/// stage's window order.
at::Tensor HtsatEncoder::embed_patches(const at::Tensor& image, const TensorProbe& tap) const {
  const bool joined = image.dim() == 4;
  at::Tensor tokens = project_patches(joined ? image.select(1, 0) : image);
  probe_map(tap, "whole_patches", tokens);
  if (joined) {
    const auto order =
        index_tensor(window_order(config_.grid(), config_.window_size, 0), tokens.device());
    tokens = fusion_.value()(tokens, image.narrow(1, 1, image.size(1) - 1), order, tap);
    probe_map(tap, "joined_patches", tokens);
  }
  tokens = patch_norm_(tokens);
  if (tap) {
    const auto rows =
        index_tensor(invert(window_order(config_.grid(), config_.window_size, 0)), tokens.device());
    tap("patches", at::index_select(tokens, 1, rows));
  }
  return tokens;
}

at::Tensor HtsatEncoder::merge_patches(const Stage& stage, const at::Tensor& x) const {
  const at::Tensor merged = stage.merge(x).view({x.size(0), x.size(1) / 4, 4 * x.size(2)});
  return stage.merge_reduction(stage.merge_norm(merged));
}

at::Tensor HtsatEncoder::run_stage(const Stage& stage, int index, at::Tensor x,
                                   const TensorProbe& tap, TrainingPass* training) const {
  const std::string name = "stage" + std::to_string(index);
  const bool last_stage = index + 1 == config_.stages();
  std::vector<at::Tensor> attention;
  for (std::size_t b = 0; b < stage.blocks.size(); ++b) {
    const SwinBlock& block = stage.blocks[b];
    x = stage.reorders[b](x);
    const bool value_path = config_.local_block && last_stage && b + 1 == stage.blocks.size();
    if (tap && !value_path) attention.emplace_back();
    x = value_path ? block.value_path(x, training)
                   : block.forward(x, tap ? &attention.back() : nullptr, training);
    if (tap) {
      const at::Tensor rows = index_tensor(invert(block.order()), x.device());
      tap(name + ".block" + std::to_string(b) + (value_path ? ".values" : ""),
          at::index_select(x, 1, rows));
    }
  }
  if (last_stage) return x;
  x = merge_patches(stage, x);
  if (tap) {
    tap(name + ".attention", at::mean(at::stack(attention), 0));
    const auto rows = index_tensor(
        invert(window_order(config_.stage_grid(index + 1), config_.window_size, 0)), x.device());
    tap(name, at::index_select(x, 1, rows));
  }
  return x;
}

/// [B, tokens, C] -> [B, frames, C]: the rows of the token grid are (time chunk, frequency), its
/// columns time; mean over frequency.
at::Tensor HtsatEncoder::to_frames(const at::Tensor& tokens, const TensorProbe& tap) const {
  const std::int64_t grid = config_.stage_grid(config_.stages() - 1),
                     chunks = config_.spec_size / config_.n_mels;
  const at::Tensor x = norm_(to_rows_(tokens));
  if (tap) tap("normalised_tokens", x);
  const at::Tensor frames = x.view({x.size(0), chunks, grid / chunks, grid, x.size(2)})
                                .mean(2)
                                .reshape({x.size(0), chunks * grid, x.size(2)});
  if (tap) tap("frame_features", frames);
  return frames;
}

at::Tensor HtsatEncoder::forward(const at::Tensor& log_mel, const TensorProbe& tap,
                                 TrainingPass* training) const {
  at::Tensor x = embed_patches(to_image(log_mel, tap, training), tap);
  for (std::size_t s = 0; s < stages_.size(); ++s)
    x = run_stage(stages_[s], static_cast<int>(s), x, tap, training);
  if (tap) tap("tokens", to_rows_(x));
  return to_frames(x, tap);
}

}  // namespace claptools
