#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "claptools/model/layers/inference_linear.hpp"
#include "claptools/model/parameter_source.hpp"
#include "claptools/model/tensor_probe.hpp"

namespace claptools {

/// y = x W^T + b on the last dimension.
struct Linear {
  at::Tensor weight, bias;                         ///< [out, in], [out] or undefined
  std::shared_ptr<const InferenceLinear> product;  ///< null: LibTorch's ordinary product

  Linear() = default;
  Linear(const ParameterSource& parameters, const std::string& name);
  /// Computes with a product of the given precision from now on. @param rows of x that are usual.
  void prepare(Precision precision, std::int64_t rows);

  at::Tensor operator()(const at::Tensor& x) const;
  at::Tensor gelu(const at::Tensor& x) const;
  at::Tensor add(const at::Tensor& x, const at::Tensor& other) const;
};

/// Layer normalisation of the last dimension.
struct LayerNorm {
  at::Tensor weight, bias;  ///< [size]
  double eps = 1e-5;

  LayerNorm() = default;
  LayerNorm(const ParameterSource& parameters, const std::string& name, double epsilon);
  at::Tensor operator()(const at::Tensor& x) const;
};

/// LayerNorm, Linear, GELU, LayerNorm, Linear: local features into the joint space
/// (docs/reference/pipeline.md, step 13).
struct Projection {
  LayerNorm norm0, norm3;
  Linear linear1, linear4;

  Projection() = default;
  Projection(const ParameterSource& parameters, const std::string& name);
  /// For inference from now on (see InferenceLinear). @param rows of x that are usual.
  void prepare(std::int64_t rows);

  /// @param x [B, N, width] -> [B, N, dim]. @param tap sees the steps as prefix.0 .. prefix.3.
  at::Tensor operator()(const at::Tensor& x, const TensorProbe& tap,
                        const std::string& prefix) const;
};

}  // namespace claptools
