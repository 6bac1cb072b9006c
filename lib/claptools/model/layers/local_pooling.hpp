#pragma once

#include <ATen/core/Tensor.h>

namespace claptools {

/// What the paper's ablation uses instead of the codebook: the mean of frames or words, or their
/// mean weighted by attention to a learnt query.
class LocalPooling {
 public:
  /// @param query [D], or undefined for the plain mean.
  explicit LocalPooling(at::Tensor query = {});

  /// @param locals [B, N, D]. @param mask [B, N] float, 0 for what is not to count; may be
  /// undefined.
  /// @return       [B, D], zeros where nothing counts.
  at::Tensor operator()(const at::Tensor& locals, const at::Tensor& mask) const;

 private:
  at::Tensor query_;
};

}  // namespace claptools
