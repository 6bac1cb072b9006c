#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "claptools/model/layers/inference_linear.hpp"
#include "claptools/model/tensor_probe.hpp"

namespace claptools {

/// Projection of each row onto the probability simplex. [B, K] -> [B, K]. Source: Martins and
/// Astudillo (2016), Algorithm 1.
at::Tensor sparsemax(const at::Tensor& x);

/// The codewords that both modalities share. Source: MGA-CLAP, Eq. 2 and 3;
/// docs/reference/pipeline.md, step 18.
class SharedCodebook {
 public:
  /// @param codewords [K, D]. @param temperature divides the affinities (1000 in the published
  /// model).
  SharedCodebook(at::Tensor codewords, double temperature);

  /// For inference from now on (see InferenceLinear). @param rows of frames or words that are
  /// usual.
  void prepare(std::int64_t rows);

  /// Affinity of each frame or word to each codeword.
  /// @param locals [B, N, D]. @param mask [B, N] float, 0 for what is not to count; it multiplies,
  /// as in the reference, so that a masked word stays in with affinity 0. May be undefined.
  /// @return       [B, N, K].
  at::Tensor local_affinity(const at::Tensor& locals, const at::Tensor& mask) const;

  /// Eq. 2: affinity of each codeword to its best frame or word. @return [B, K].
  at::Tensor affinity(const at::Tensor& locals, const at::Tensor& mask) const;

  /// Eq. 3: sparse mixture of codewords, of unit norm. @param affinity [B, K] -> [B, D].
  at::Tensor mix(const at::Tensor& affinity, const TensorProbe& tap = {}) const;

  const at::Tensor& codewords() const { return codewords_; }

 private:
  at::Tensor codewords_;
  double temperature_;
  /// With the codewords; null: LibTorch's ordinary one.
  std::shared_ptr<const InferenceLinear> product_;
};

/// Rows of the last dimension divided by max(norm, 1e-12).
at::Tensor unit_rows(const at::Tensor& x);

}  // namespace claptools
