#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "claptools/model/layers/layers.hpp"

namespace claptools {

/// GPT-2 as a text encoder: tokens see themselves and those before them. Source: Radford et al.
/// (2019); goldens-families README, section 7, step 6.
class Gpt2Encoder {
 public:
  /// @param prefix of the names of its weights, whose matrices lie as [in, out].
  Gpt2Encoder(const ParameterSource& parameters, const std::string& prefix, int layers, int heads);

  /// @param ids  [B, L] int64, L at most the model's positions.
  /// @param mask [B, L] bool: true for tokens, false for padding, which comes after them.
  /// @return     [B, L, hidden], normalised.
  at::Tensor forward(const at::Tensor& ids, const at::Tensor& mask, const TensorProbe& tap) const;

  /// For inference on the CPU from now on (see InferenceLinear). No effect on another device.
  void prepare();

 private:
  struct Layer {
    LayerNorm norm1, norm2;
    Linear inputs, attention_output, inner, output;
  };

  at::Tensor attend(const Layer& layer, const at::Tensor& x, const at::Tensor& bias) const;

  std::int64_t heads_;
  at::Tensor words_, positions_;
  std::vector<Layer> layers_;
  LayerNorm last_norm_;
};

}  // namespace claptools
