#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <vector>

#include "claptools/families/towers.hpp"
#include "claptools/features/log_mel.hpp"
#include "claptools/model/layers/layers.hpp"
#include "claptools/model/layers/patch_fusion.hpp"
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

/// HTSAT: log-mel to frame features, through the value path of the last block only. What the
/// official forward pass computes besides is never used and left out (docs/reference/pipeline.md,
/// step 11). Source: docs/reference/pipeline.md, steps 6 to 12.
class HtsatEncoder {
 public:
  /// @param prefix of the names of its weights.
  HtsatEncoder(const ParameterSource& parameters, const std::string& prefix,
               const AudioConfig& config);

  /// @param log_mel [B, T, n_mels] dB, T at most spec_frames(); or [B, 4, T, n_mels], views of a
  ///                recording that are joined: the whole, beginning, middle and end.
  /// @return        [B, frames, width].
  at::Tensor forward(const at::Tensor& log_mel, const TensorProbe& tap,
                     TrainingPass* training = nullptr) const;

  /// For inference on the CPU (see InferenceLinear); not for training.
  void prepare(Precision precision);

 private:
  /// A permutation of tokens and its inverse; undefined = unchanged.
  struct Reorder {
    at::Tensor order, inverse;
    Reorder() = default;
    Reorder(const TokenOrder& gather, const at::Device& device);
    at::Tensor operator()(const at::Tensor& tokens) const;
  };

  struct Stage {
    std::vector<SwinBlock> blocks;
    std::vector<Reorder> reorders;  ///< before each block: tokens into its order
    Reorder merge;                  ///< of the patch merging; undefined in the last stage
    LayerNorm merge_norm;
    Linear merge_reduction;
  };

  Stage make_stage(const ParameterSource& parameters, const std::string& prefix, int stage) const;
  at::Tensor normalise(const at::Tensor& log_mel, TrainingPass* training) const;
  at::Tensor to_image(const at::Tensor& log_mel, const TensorProbe& tap,
                      TrainingPass* training) const;
  at::Tensor project_patches(const at::Tensor& image) const;
  at::Tensor embed_patches(const at::Tensor& image, const TensorProbe& tap) const;
  void probe_map(const TensorProbe& tap, const char* name, const at::Tensor& tokens) const;
  at::Tensor run_stage(const Stage& stage, int index, at::Tensor x, const TensorProbe& tap,
                       TrainingPass* training) const;
  at::Tensor merge_patches(const Stage& stage, const at::Tensor& x) const;
  at::Tensor to_frames(const at::Tensor& tokens, const TensorProbe& tap) const;

  AudioConfig config_;
  BatchNorm batch_norm_;
  Linear patch_;  ///< the patch convolution, [C, 1, patch, patch]
  LayerNorm patch_norm_, norm_;
  std::optional<PatchFusion> fusion_;
  std::vector<Stage> stages_;
  Reorder to_rows_;  ///< the last block's order back to rows of the grid
};

}  // namespace claptools
