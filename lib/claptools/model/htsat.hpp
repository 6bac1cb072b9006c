#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <vector>

#include "claptools/families/towers.hpp"
#include "claptools/features/log_mel.hpp"
#include "claptools/model/layers/layers.hpp"
#include "claptools/model/layers/patch_fusion.hpp"
#include "claptools/model/layers/swin_block.hpp"
#include "claptools/model/layers/window_order.hpp"
#include "claptools/model/training_pass.hpp"

namespace claptools {

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
