#pragma once

#include <cstddef>
#include <span>

#include "claptools/metrics/sed/detection_f1.hpp"
#include "claptools/metrics/segments/segments.hpp"

namespace claptools {

/// One class at its best and at the fixed threshold.
struct FScorePair {
  ClassFScore best;
  ClassFScore at_threshold;
};

struct SegmentFScores : FScorePair {
  std::size_t segments = 0;  ///< those without events and not detected are the true negatives
};

/// F of a class over its segments. Source: segment-based F1 as in sed_eval and sed_scores_eval.
/// @param ranked from high to low scores. @param codes what their scores mean.
SegmentFScores segment_f_scores(std::span<const ScoredSegment> ranked, const ScoreCodes& codes,
                                double threshold);

}  // namespace claptools
