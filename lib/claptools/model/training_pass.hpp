#pragma once

#include <ATen/core/Tensor.h>

namespace claptools {

/// Batch normalisation of spectrograms, one channel per mel band.
struct BatchNorm {
  at::Tensor weight, bias, mean, variance;  ///< [channels]
  at::Tensor count;                         ///< batches seen; undefined in a model without
};

/// What a training pass does in addition to inference. Modules take a pointer to it; null is
/// inference.
class TrainingPass {
 public:
  virtual ~TrainingPass() = default;

  /// BatchNorm2d with the statistics of the batch, which also move those of `norm`.
  /// @param x [B, channels, T].
  virtual at::Tensor batch_norm(const at::Tensor& x, const BatchNorm& norm) = 0;

  /// SpecAugment. @param x [B, mels, T].
  virtual at::Tensor mask_spectrogram(const at::Tensor& x) = 0;

  /// Stochastic depth: drops the branch of whole samples. @param branch [B, ...].
  /// @param depth of the block: 0 for the first, 1 for the last; the rate grows with it.
  virtual at::Tensor drop_path(const at::Tensor& branch, double depth) = 0;

  /// Dropout of the text encoder. @param x [B, ..., N].
  virtual at::Tensor dropout(const at::Tensor& x) = 0;
};

}  // namespace claptools
