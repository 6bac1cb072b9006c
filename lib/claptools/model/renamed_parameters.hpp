#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "claptools/model/parameter_source.hpp"

namespace claptools {

/// Weights under a network's own names that a file has under others, and some of them in parts.
class RenamedParameters : public ParameterSource {
 public:
  /// The file's names of what the network calls `name`; several: joined along the first dimension.
  using Names = std::function<std::vector<std::string>(const std::string& name)>;

  /// @param source must outlive it.
  RenamedParameters(const ParameterSource& source, Names names)
      : source_(source), names_(std::move(names)) {}

  at::Tensor get(const std::string& name) const override;
  bool contains(const std::string& name) const override;

 private:
  const ParameterSource& source_;
  Names names_;
};

}  // namespace claptools
