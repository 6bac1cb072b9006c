#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "claptools/model/layers/layers.hpp"

namespace claptools {

/// Linear, ReLU, linear: a tower's output into the joint space.
struct ReluHead {
  Linear first, second;

  ReluHead(const ParameterSource& parameters, const std::string& name);

  /// @param x [B, width]. @return [B, dim], unit rows.
  at::Tensor operator()(const at::Tensor& x, const TensorProbe& tap) const;
};

}  // namespace claptools
