#pragma once

#include <span>

#include "claptools/metrics/segments/segments.hpp"

namespace claptools {

/// How well the scores of one class rank its segments, from 0 to 1. NaN where it is not defined:
/// the areas without a positive or a negative segment, the average precision without a positive
/// one.
struct SegmentRanking {
  double auroc = 0;  ///< area under the ROC curve, its points joined by straight lines
  /// The part of that area up to a false positive rate of 0.1, divided by 0.1: `mpauc` of DCASE
  /// Task 4 since 2024 is the mean over the classes.
  double partial_auroc = 0;
  /// The same, scaled so that chance is 0.5 and a perfect ranking 1. Source: McClish, "Analyzing a
  /// portion of the ROC curve", Medical Decision Making, 1989.
  double corrected_auroc = 0;
  double ap = 0;  ///< average precision; segments of one score make one step
};

/// @param ranked from high to low scores.
SegmentRanking rank_segments(std::span<const ScoredSegment> ranked);

}  // namespace claptools
