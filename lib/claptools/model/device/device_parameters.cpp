#include "claptools/model/device/device_parameters.hpp"

#include <ATen/ops/from_blob.h>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

at::ScalarType scalar_type(DType dtype) {
  switch (dtype) {
    case DType::f64:
      return at::kDouble;
    case DType::f32:
      return at::kFloat;
    case DType::f16:
      return at::kHalf;
    case DType::bf16:
      return at::kBFloat16;
    case DType::i64:
      return at::kLong;
    case DType::i32:
      return at::kInt;
    case DType::i16:
      return at::kShort;
    case DType::i8:
      return at::kChar;
    case DType::u8:
      return at::kByte;
    case DType::boolean:
      return at::kBool;
  }
  throw Error(Fault::internal, "weights", "unknown type");
}

}  // namespace

DeviceParameters::DeviceParameters(std::shared_ptr<const WeightSet> weights,
                                   const at::Device& device)
    : weights_(std::move(weights)), device_(device) {}

at::Tensor DeviceParameters::get(const std::string& name) const {
  const auto it = weights_->tensors.find(name);
  if (it == weights_->tensors.end()) throw Error(Fault::internal, name, "no such weight");
  const TensorView& view = it->second;
  // The mapping is read-only; nothing in inference writes to weights. The deleter keeps it alive.
  auto* data = const_cast<std::byte*>(view.bytes.data());
  const auto keep = [weights = weights_](void*) {};
  const at::Tensor tensor =
      at::from_blob(data, view.shape, keep, at::TensorOptions(scalar_type(view.dtype)));
  const bool aligned = reinterpret_cast<std::uintptr_t>(data) % item_size(view.dtype) == 0;
  return (aligned ? tensor : tensor.clone()).to(device_, at::kFloat);
}

}  // namespace claptools
