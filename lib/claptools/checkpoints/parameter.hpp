#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/checkpoints/weight_set.hpp"

namespace claptools {

enum class Tower { audio, text, none };

/// A weight that a model has, under its file's own name.
struct Parameter {
  std::string name;
  std::vector<std::int64_t> shape;
  DType dtype = DType::f32;
  /// false: it follows from the configuration, or no output depends on it; it may be absent.
  bool required = true;
  /// false: it follows from the configuration, or the forward pass moves it.
  bool trainable = true;
  Tower tower = Tower::none;  ///< that it is part of
};

bool is_float(DType dtype);

/// Why a weight is not one that the parameter can have: "weight 'temp' has shape [2], expected []";
/// empty if it is. Half precision is accepted wherever float32 is. @param view null: it is missing.
std::string find_misfit(const Parameter& parameter, const TensorView* view);

/// @throws Error{data} naming `subject` and the first weight that is missing, unknown, mis-shaped
/// or of a type that is not floating point where it should be, as find_misfit() says it.
void check_parameters(const WeightSet& weights, std::span<const Parameter> parameters,
                      std::string_view subject);

}  // namespace claptools
