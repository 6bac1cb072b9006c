#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "claptools/families/towers.hpp"
#include "claptools/model/layers/layers.hpp"
#include "claptools/model/training_pass.hpp"

namespace claptools {

/// BERT without pooler (docs/reference/pipeline.md, step 16), or RoBERTa, which differs in the
/// positions.
class TextEncoder {
 public:
  /// @param prefix of the names of its weights.
  TextEncoder(const ParameterSource& parameters, const std::string& prefix,
              const TextConfig& config);

  /// @param ids  [B, L] int64, L at most max_position_embeddings.
  /// @param mask [B, L] bool: true for tokens, false for padding.
  /// @return     [B, L, hidden].
  at::Tensor forward(const at::Tensor& ids, const at::Tensor& mask, const TensorProbe& tap,
                     TrainingPass* training = nullptr) const;

  /// For inference on the CPU from now on (see InferenceLinear): without work on padding, whose
  /// states become 0. No effect on another device.
  void prepare();

 private:
  struct Layer {
    Linear query, key, value, attention_output, intermediate, output;
    Linear inputs;  ///< query, key and value in one; undefined unless prepared
    LayerNorm attention_norm, output_norm;
  };

  at::Tensor embed(const at::Tensor& ids, const at::Tensor& positions) const;
  at::Tensor place(const at::Tensor& ids) const;
  at::Tensor forward_tokens(const at::Tensor& ids, const at::Tensor& mask) const;
  at::Tensor attend(const Layer& layer, const at::Tensor& x, const at::Tensor& bias,
                    TrainingPass* training) const;

  std::int64_t heads_, pad_;
  at::Tensor words_, positions_, token_types_;
  LayerNorm embedding_norm_;
  std::vector<Layer> layers_;
};

}  // namespace claptools
