#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

namespace claptools {

/// Sees intermediate tensors under the goldens' names, in the goldens' layout; for tests. Empty in
/// production.
using TensorProbe = std::function<void(const std::string& name, const at::Tensor& value)>;

}  // namespace claptools
