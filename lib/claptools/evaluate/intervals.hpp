#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// Adds NAME.ci_low and NAME.ci_high of the values, unless no intervals are asked for.
/// @param score the metrics of clips drawn from `clips`; a resample that it refuses is left out.
void add_intervals(MetricValues& values, std::size_t clips,
                   const std::function<MetricValues(std::span<const std::size_t>)>& score,
                   const EvaluationOptions& options);

}  // namespace claptools
