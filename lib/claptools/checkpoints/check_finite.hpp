#pragma once

#include <string_view>

#include "claptools/checkpoints/weight_set.hpp"

namespace claptools {

/// @throws Error{data} naming the first weight that holds NaN or infinity.
void check_finite(const WeightSet& weights, std::string_view subject);

}  // namespace claptools
