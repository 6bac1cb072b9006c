#pragma once

#include <span>
#include <vector>

namespace claptools {

/// Scores over time that hold from one boundary to the next.
struct ScoreSteps {
  std::vector<float> scores;
  std::vector<double> boundaries_s;  ///< one more than scores, rising; both empty: no score at all
};

/// Median filter with a window in seconds, which need not be a whole number of frames: at each
/// moment the least score that, with all lower ones, fills half of the window around it. What is
/// outside of the clip is lower than any score. A clip of at most half a window has no score left.
/// Source: Ebbers et al., "Post-processing independent evaluation of sound event detection
/// systems", 2023; times are rounded to 6 decimals, as in sed_scores_eval.
/// @param scores of frames, finite. @param boundaries_s one more, seconds, rising.
/// @param window_s above 0.
ScoreSteps seconds_median(std::span<const float> scores, std::span<const double> boundaries_s,
                          double window_s);

}  // namespace claptools
