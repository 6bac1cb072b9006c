#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

/// Scores over time that hold from one boundary to the next.
struct ScoreSteps {
  std::vector<float> scores;
  std::vector<double> boundaries_s;  ///< one more than scores, rising; both empty: no score at all
};

/// Median filters whose windows are lengths in seconds, which need not be whole numbers of frames,
/// over the scores of a clip: at each moment the least score that, with all lower ones, fills half
/// of the window around it. What is outside of the clip is lower than any score. A clip of at most
/// half a window has no score left.
/// Source: Ebbers et al., "Post-processing independent evaluation of sound event detection
/// systems", 2023; times are rounded to 6 decimals, as in sed_scores_eval.
class SecondsMedian {
 public:
  /// Sorts the scores, once for all windows.
  /// @param scores of frames, finite. @param boundaries_s one more, seconds, rising; must outlive
  /// this object.
  SecondsMedian(std::span<const float> scores, std::span<const double> boundaries_s);

  /// @param window_s above 0.
  ScoreSteps filter(double window_s) const;

 private:
  std::span<const double> boundaries_s_;
  std::vector<float> distinct_;  // rising, from what is outside
  std::vector<std::uint32_t>
      ranks_;  // in these, of each frame and of what is before and after them
};

}  // namespace claptools
