#include "claptools/model/htsat.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/upsample_bicubic2d.h>

#include <algorithm>
#include <numeric>

#include "claptools/core/error.hpp"
#include "claptools/model/layers/permute_tokens.hpp"

namespace claptools {
namespace {

constexpr double kLayerNormEps = 1e-5, kBatchNormEps = 1e-5;

BatchNorm load_batch_norm(const ParameterSource& parameters, const std::string& prefix) {
  const std::string count = prefix + "num_batches_tracked";
  return {parameters.get(prefix + "weight"), parameters.get(prefix + "bias"),
          parameters.get(prefix + "running_mean"), parameters.get(prefix + "running_var"),
          parameters.contains(count) ? parameters.get(count) : at::Tensor()};
}

}  // namespace

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
