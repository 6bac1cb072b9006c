#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "claptools/families/model_files.hpp"
#include "claptools/model/network.hpp"
#include "claptools/model/parameter_source.hpp"

namespace claptools {

/// How the networks of a family are made: kNetwork in model/networks/NAME_network.cpp.
struct NetworkMaker {
  std::unique_ptr<Network> (*inference)(const Architecture& architecture,
                                        const ParameterSource& parameters,
                                        const at::Device& device);
  /// Null if its models cannot be trained.
  std::unique_ptr<TrainableNetwork> (*training)(const Architecture& architecture,
                                                const ParameterSource& parameters,
                                                const at::Device& device);
};

/// The network of a model, on its mapped weights.
std::unique_ptr<Network> make_network(const ModelFiles& files, const at::Device& device);

/// @param parameters must outlive it.
/// @throws Error{data} if models of this family cannot be trained.
std::unique_ptr<TrainableNetwork> make_trainable_network(const Architecture& architecture,
                                                         const ParameterSource& parameters,
                                                         const at::Device& device);

}  // namespace claptools
