#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

namespace claptools {

/// Sees intermediate tensors under the names of what they are ("log_mel", "stage2.block0",
/// "frames"), in the layout of the official code; for tests. Empty in production.
using TensorProbe = std::function<void(const std::string& name, const at::Tensor& value)>;

}  // namespace claptools
