#pragma once

#include <span>

#include "claptools/checkpoints/parameter.hpp"

namespace claptools {

/// The weights for storage in half the space: those in float32, float64 and bfloat16 as float16,
/// rounded to nearest. What is not trained (front end, running statistics, masks) and scalars stay
/// as they are: they must be exact, and are small.
/// @throws Error{data} naming the first weight beyond float16's range.
WeightSet to_half(const WeightSet& weights, std::span<const Parameter> parameters);

}  // namespace claptools
