#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "claptools/engine/model.hpp"

namespace claptools {

/// y = x W^T + b for inference, with weights laid out once. On the CPU oneDNN or FBGEMM do it,
/// which choose AVX2, AVX-512, VNNI or AMX when they run. May be called from several threads at
/// once.
class InferenceLinear {
 public:
  virtual ~InferenceLinear() = default;

  /// @param x [.., in], float32 or what gelu() gave. @return [.., out], float32.
  virtual at::Tensor linear(const at::Tensor& x) const = 0;
  /// gelu(y), in the type that linear() of the next product takes without loss of time.
  virtual at::Tensor gelu(const at::Tensor& x) const = 0;
  /// y + other, float32.
  virtual at::Tensor add(const at::Tensor& x, const at::Tensor& other) const = 0;
};

/// @param weight [out, in] and @param bias [out] (or undefined), float32.
/// @param rows   of x that are usual: the layout is chosen for them.
/// @return null if at::linear is the best there is.
/// @throws Error{unavailable} if it or the processor has none for bf16 or int8.
std::shared_ptr<const InferenceLinear> make_inference_linear(Precision precision,
                                                             const at::Tensor& weight,
                                                             const at::Tensor& bias,
                                                             std::int64_t rows);

}  // namespace claptools
