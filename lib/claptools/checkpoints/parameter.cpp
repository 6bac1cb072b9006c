#include "claptools/checkpoints/parameter.hpp"

#include <set>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
bool is_float(DType dtype) {
  return dtype == DType::f64 || dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16;
}

std::string find_misfit(const Parameter& parameter, const TensorView* view) {
  const std::string weight = "weight '" + parameter.name + "' ";
  if (view == nullptr) return weight + "is missing";
  if (view->shape != parameter.shape)
    return weight + "has shape " + shape_text(view->shape) + ", expected " +
           shape_text(parameter.shape);
  if (is_float(view->dtype) != is_float(parameter.dtype))
    return weight + "has type " + std::string(dtype_name(view->dtype)) + ", expected " +
           std::string(dtype_name(parameter.dtype));
  return {};
}

void check_parameters(const WeightSet& weights, std::span<const Parameter> parameters,
                      std::string_view subject) {
  std::set<std::string_view> known;
  for (const Parameter& parameter : parameters) {
    known.insert(parameter.name);
    const auto it = weights.tensors.find(parameter.name);
    const bool is_there = it != weights.tensors.end();
    if (!is_there && !parameter.required) continue;
    const std::string misfit = find_misfit(parameter, is_there ? &it->second : nullptr);
    if (!misfit.empty()) throw Error(Fault::data, subject, misfit);
  }
  for (const auto& [name, view] : weights.tensors) {
    if (!known.contains(name))
      throw Error(Fault::data, subject, "unknown weight '" + shorten(name, 100) + "'");
  }
}

}  // namespace claptools
