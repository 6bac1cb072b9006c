#include "claptools/model/layers/relu_head.hpp"

#include <ATen/ops/relu.h>

#include "claptools/model/codebook.hpp"

namespace claptools {

ReluHead::ReluHead(const ParameterSource& parameters, const std::string& name)
    : first(parameters, name + ".0"), second(parameters, name + ".2") {}

at::Tensor ReluHead::operator()(const at::Tensor& x, const TensorProbe& tap) const {
  const at::Tensor y = at::relu(first(x));
  if (tap) tap("hidden", y);
  const at::Tensor z = second(y);
  if (tap) tap("projected", z);
  return unit_rows(z);
}

}  // namespace claptools
