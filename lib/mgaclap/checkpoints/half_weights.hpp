#pragma once

#include "mgaclap/checkpoints/weight_set.hpp"

namespace mgaclap {

/// The weights for storage in half the space: those in float32, float64 and bfloat16 as float16,
/// rounded to nearest. The audio front end, running statistics, masks and scalars stay as they are:
/// they must be exact, and are small.
/// @throws Error{data} naming the first weight beyond float16's range.
WeightSet to_half(const WeightSet& weights);

}  // namespace mgaclap
