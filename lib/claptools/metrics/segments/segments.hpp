#pragma once

#include <cstddef>
#include <vector>

#include "claptools/metrics/sed/detection_frames.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// One second of a clip and whether one class is heard in it.
struct ScoredSegment {
  float score = 0;  ///< or its code (DetectionFrames::codes)
  bool positive = false;
};

/// The segments [k, k + 1) s of each clip up to its duration rounded up, clip after clip. A
/// segment's score is the largest of the frames that overlap it, 0 without any; it is positive if
/// an event of the class overlaps it. Frame times are compared after rounding to 6 decimals.
/// Source: segment-based evaluation as in sed_eval and sed_scores_eval.
/// @param c position in truth.classes and among the frames' classes.
std::vector<ScoredSegment> class_segments(const DetectionFrames& frames, const GroundTruth& truth,
                                          std::size_t c);

/// From high to low scores.
std::vector<ScoredSegment> ranked(std::vector<ScoredSegment> segments);

}  // namespace claptools
