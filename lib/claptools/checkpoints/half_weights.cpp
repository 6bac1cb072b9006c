#include "claptools/checkpoints/half_weights.hpp"

#include <cstring>

#include "claptools/core/error.hpp"
#include "claptools/core/half.hpp"

namespace claptools {
namespace {

bool is_wide(DType dtype) {
  return dtype == DType::f32 || dtype == DType::f64 || dtype == DType::bf16;
}

std::vector<std::byte> half_bytes(const std::string& name, const TensorView& view) {
  std::vector<std::byte> bytes(2 * view.numel());
  for (std::size_t i = 0; i < view.numel(); ++i) {
    const std::uint16_t half = to_half(float_at(view, i));
    if ((half & 0x7c00) == 0x7c00) {
      throw Error(Fault::data, name, "holds a value beyond the range of float16");
    }
    std::memcpy(bytes.data() + 2 * i, &half, sizeof half);
  }
  return bytes;
}

}  // namespace

WeightSet to_half(const WeightSet& weights, std::span<const Parameter> parameters) {
  WeightSet out = weights;
  for (const Parameter& parameter : parameters) {
    const auto it = weights.tensors.find(parameter.name);
    if (!parameter.trainable || it == weights.tensors.end()) continue;
    const auto& [name, view] = *it;
    if (!is_wide(view.dtype) || view.shape.empty()) continue;
    out.tensors.erase(name);
    out.add(name, DType::f16, view.shape, half_bytes(name, view));
  }
  return out;
}

}  // namespace claptools
