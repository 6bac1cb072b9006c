#include "claptools/checkpoints/parameter.hpp"

#include <set>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

void check_one(const Parameter& parameter, const TensorView& view, std::string_view subject) {
  if (view.shape != parameter.shape) {
    throw Error(Fault::data, subject,
                "weight '" + parameter.name + "' has shape " + shape_text(view.shape) +
                    ", expected " + shape_text(parameter.shape));
  }
  if (is_float(view.dtype) != is_float(parameter.dtype)) {
    throw Error(Fault::data, subject,
                "weight '" + parameter.name + "' has type " + std::string(dtype_name(view.dtype)) +
                    ", expected " + std::string(dtype_name(parameter.dtype)));
  }
}

}  // namespace

bool is_float(DType dtype) {
  return dtype == DType::f64 || dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16;
}

void check_parameters(const WeightSet& weights, std::span<const Parameter> parameters,
                      std::string_view subject) {
  std::set<std::string_view> known;
  for (const Parameter& parameter : parameters) {
    known.insert(parameter.name);
    const auto it = weights.tensors.find(parameter.name);
    if (it != weights.tensors.end()) {
      check_one(parameter, it->second, subject);
    } else if (parameter.required) {
      throw Error(Fault::data, subject, "weight '" + parameter.name + "' is missing");
    }
  }
  for (const auto& [name, view] : weights.tensors) {
    if (!known.contains(name))
      throw Error(Fault::data, subject, "unknown weight '" + shorten(name, 100) + "'");
  }
}

}  // namespace claptools
