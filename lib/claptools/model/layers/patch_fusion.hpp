#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "claptools/model/layers/layers.hpp"

namespace claptools {

/// Joins the patches of a whole recording with those of its parts by attention (AFF).
/// Source: docs/reference/laion_clap.md, steps 7 and 8.
class PatchFusion {
 public:
  /// @param prefix of the names of `mel_conv2d` and `fusion_model`, with its point.
  PatchFusion(const ParameterSource& parameters, const std::string& prefix);

  /// @param whole [B, N, C]: patches of the image of the whole, in the order `order`.
  /// @param parts [B, 3, S, S]: images of its beginning, middle and end.
  /// @param order [N]: the row of the grid of patches that each token is.
  /// @return      [B, N, C].
  at::Tensor operator()(const at::Tensor& whole, const at::Tensor& parts, const at::Tensor& order,
                        const TensorProbe& tap) const;

 private:
  /// Two convolutions of 1 x 1, each with the batch normalisation that follows it.
  struct Attention {
    Linear first, second;
    Attention(const ParameterSource& parameters, const std::string& name, int number);
    at::Tensor operator()(const at::Tensor& x) const;
  };

  at::Tensor patches_of(const at::Tensor& parts, const TensorProbe& tap) const;

  at::Tensor weight_, bias_;  ///< of a convolution as wide as three patches
  Attention local_, global_;
};

}  // namespace claptools
