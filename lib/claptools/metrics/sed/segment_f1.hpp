#pragma once

#include <cstddef>

#include "claptools/metrics/sed/detection_f1.hpp"
#include "claptools/metrics/sed/detection_frames.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// One class at its best and at the fixed threshold.
struct FScorePair {
  ClassFScore best;
  ClassFScore at_threshold;
};

struct SegmentFScores : FScorePair {
  std::size_t segments = 0;  ///< those without events and not detected are the true negatives
};

/// F of a class over segments of one second, [k, k + 1) up to the clip's duration rounded up. A
/// segment's score is the largest of the frames that overlap it, 0 without any; it is positive if
/// an event overlaps it. Source: segment-based F1 as in sed_eval and sed_scores_eval.
/// @param c position in truth.classes and among the frames' classes.
SegmentFScores segment_f_scores(const DetectionFrames& frames, const GroundTruth& truth,
                                std::size_t c, double threshold);

}  // namespace claptools
