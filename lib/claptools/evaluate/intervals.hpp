#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// The metrics of clips drawn from those evaluated: positions, as many as there are, some of them
/// several times.
using ResampleScore = std::function<MetricValues(std::span<const std::size_t>)>;

/// Adds NAME.ci_low and NAME.ci_high of the values, unless no intervals are asked for.
/// @param score the metrics of clips drawn from `clips`; a resample that it refuses is left out.
void add_intervals(MetricValues& values, std::size_t clips, const ResampleScore& score,
                   const EvaluationOptions& options);

/// The same, balanced resamples drawn in the order of the names, or, with
/// EvaluationOptions::keep_samples, Evaluation::samples. Where only some of the
/// clips are asked for, the values become those of these clips.
/// @param names of the clips evaluated. @throws Error{data} for a clip that is not among them.
void add_intervals(Evaluation& evaluation, std::span<const std::string> names,
                   const ResampleScore& score, const EvaluationOptions& options);

}  // namespace claptools
