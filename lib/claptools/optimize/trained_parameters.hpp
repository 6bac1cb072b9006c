#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/model/parameter_source.hpp"

namespace claptools {

/// A parameter with what the optimiser keeps of it.
struct TrainedParameter {
  std::string name;
  at::Tensor value;             ///< a leaf that gathers gradients
  at::Tensor moment1, moment2;  ///< undefined until its first gradient
  at::Tensor steps;             ///< scalar float: updates so far; undefined as the moments
  at::Tensor average;           ///< undefined unless a moving average is kept
};

/// The weights of a model under training, as leaves of the autograd graph, and its buffers.
class TrainedParameters : public ParameterSource {
 public:
  /// @param start  every weight of `parameters`; those that are not required may be absent.
  /// @param frozen whether a parameter stays as it is.
  TrainedParameters(std::span<const Parameter> parameters, const WeightSet& start,
                    const at::Device& device, const std::function<bool(const Parameter&)>& frozen);

  at::Tensor get(const std::string& name) const override;
  bool contains(const std::string& name) const override { return tensors_.contains(name); }

  /// In the official order, frozen ones left out.
  std::vector<TrainedParameter>& trained() { return trained_; }
  const std::vector<TrainedParameter>& trained() const { return trained_; }

  /// Copies of all weights under the official names. @param averaged the moving averages, where
  /// they are kept.
  WeightSet copy(bool averaged) const;

  /// Copies back what copy() gave. @throws Error{data} naming what is missing or of another shape.
  void restore(const WeightSet& weights);

 private:
  std::map<std::string, at::Tensor> tensors_;
  std::vector<TrainedParameter> trained_;
};

/// Adds a copy of a tensor's bytes (float32 or int64).
void add_tensor(WeightSet& set, const std::string& name, const at::Tensor& tensor);

/// The tensor of that name on the CPU, or an undefined one. @throws Error{data} if its shape is
/// another.
at::Tensor find_tensor(const WeightSet& set, const std::string& name, at::IntArrayRef shape);

}  // namespace claptools
