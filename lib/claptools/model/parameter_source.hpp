#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace claptools {

/// The source of a network's weights: the mapped file of a model, or the leaves of a training run.
class ParameterSource {
 public:
  virtual ~ParameterSource() = default;

  /// @return a float32 tensor. @throws Error{internal} if there is no such weight (they are checked
  /// before).
  virtual at::Tensor get(const std::string& name) const = 0;
  virtual bool contains(const std::string& name) const = 0;
};

}  // namespace claptools
