#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "claptools/families/towers.hpp"
#include "claptools/model/layers/layers.hpp"
#include "claptools/model/layers/window_order.hpp"
#include "claptools/model/training_pass.hpp"

namespace claptools {

/// One Swin block with window attention. Tokens come and go in this block's window order.
class SwinBlock {
 public:
  /// @param shift 0, or half the window for every second block where the grid has more than one
  /// window. @param depth among all blocks, 0 .. 1 (TrainingPass::drop_path).
  SwinBlock(const ParameterSource& parameters, const std::string& name, const AudioConfig& config,
            int stage, int shift, double depth);

  /// The ordinary path. @param x [B, N, C]. @param attention receives the attention weights [B *
  /// windows, heads, w*w, w*w] if not null.
  at::Tensor forward(const at::Tensor& x, at::Tensor* attention, TrainingPass* training) const;

  /// The value path of the locality-aware block: v' = x + proj(v), then v' + norm2(v'). Tokens do
  /// not meet here. Source: docs/reference/pipeline.md, step 11.
  at::Tensor value_path(const at::Tensor& x, TrainingPass* training) const;

  const TokenOrder& order() const { return order_; }

  /// For inference (see InferenceLinear): the ordinary path, or the other one, always in float32.
  void prepare(Precision precision);
  void prepare_value_path();

 private:
  void keep_masks(const std::vector<float>& masks);
  at::Tensor attention_bias() const;
  std::int64_t part_tokens() const;
  Linear value_part() const;  ///< of qkv_
  /// Attention's mixture of values before proj, [B, N, C], step by step; the other form is one
  /// pass of our own on the CPU that keeps no attention weights.
  at::Tensor mix_values(const at::Tensor& qkv, at::Tensor* attention) const;
  at::Tensor mix_values_at_once(const at::Tensor& qkv, std::int64_t first_window) const;
  at::Tensor infer(const at::Tensor& x) const;
  at::Tensor infer_part(const at::Tensor& x, std::int64_t first_window) const;
  at::Tensor dropped(const at::Tensor& branch, TrainingPass* training) const;

  std::int64_t heads_, window_tokens_;
  TokenOrder order_;
  LayerNorm norm1_, norm2_;
  Linear qkv_, proj_, fc1_, fc2_;
  Linear value_;  ///< value_part(), once it is prepared
  double depth_;
  at::Tensor table_;       ///< of position biases, [(2w-1)^2, heads]
  at::Tensor index_;       ///< [w*w, w*w] rows of the table
  at::Tensor shift_mask_;  ///< [masks, 1, w*w, w*w]; undefined without shift
  TokenOrder mask_of_window_;
  at::Tensor window_masks_;  ///< the same, [windows]
  /// Position bias plus shift mask, [masks or 1, heads, w*w, w*w]; undefined while the table is
  /// being trained.
  at::Tensor bias_;
};

}  // namespace claptools
