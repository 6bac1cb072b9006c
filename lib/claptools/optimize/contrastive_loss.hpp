#pragma once

#include <ATen/core/Tensor.h>

#include "claptools/engine/trainer.hpp"

namespace claptools {

/// Which pairs of a batch belong together: 1 / (number of equals) where identities are equal.
/// @param identities [B] int64. @return [B, B] float32, rows of sum 1. Source:
/// docs/reference/pipeline.md, step 21.
at::Tensor positive_targets(const at::Tensor& identities);

/// Hard-negative guided loss: each negative weighs by how close it is, the mean of both directions.
/// @param audio_to_text, text_to_audio [B, B], cosine over temperature.
/// @return scalar. NaN where the sum of another row underflows, as in the official code.
/// Source: docs/reference/pipeline.md, step 22; MGA-CLAP, hard-negative guided loss.
at::Tensor hard_negative_loss(const at::Tensor& audio_to_text, const at::Tensor& text_to_audio,
                              const at::Tensor& targets, double beta, NegativeWeights along);

/// Cross-entropy with the targets, the mean of both directions.
at::Tensor info_nce_loss(const at::Tensor& audio_to_text, const at::Tensor& text_to_audio,
                         const at::Tensor& targets);

/// mean|e| / sqrt(sum e^2) of all embeddings of one side together. Source:
/// docs/reference/pipeline.md, step 21.
at::Tensor embedding_regulariser(const at::Tensor& embeddings);

}  // namespace claptools
