#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "claptools/checkpoints/weight_set.hpp"
#include "claptools/model/parameter_source.hpp"

namespace claptools {

/// Weights as float32 tensors on a device. On the CPU a float32 weight is a view of the mapped
/// file.
class DeviceParameters : public ParameterSource {
 public:
  DeviceParameters(std::shared_ptr<const WeightSet> weights, const at::Device& device);

  at::Tensor get(const std::string& name) const override;
  bool contains(const std::string& name) const override { return weights_->tensors.contains(name); }

 private:
  std::shared_ptr<const WeightSet> weights_;
  at::Device device_;
};

}  // namespace claptools
