#pragma once

#include <optional>
#include <span>
#include <vector>

namespace claptools {

/// One operating point of one class.
struct PsdPoint {
  double efpr = 0;  ///< effective false positives per hour
  double tpr = 0;   ///< share of the truth events found
};

/// The points of one class, in any order; "nothing detected" (0, 0) is always one of them.
using PsdPoints = std::vector<PsdPoint>;

/// A polyphonic sound detection ROC. Source: Bilen et al., "A framework for the robust evaluation
/// of sound event detection", ICASSP 2020.
struct PsdRoc {
  double psds = 0;
  double max_efpr = 0;
  std::vector<double> per_class;   ///< normalised area under each class's own staircase
  std::vector<double> efpr;        ///< where a class's TPR changes, from 0 to max_efpr
  std::vector<double> etpr;        ///< holds from its vertex to the next
  std::vector<double> mean_tpr;    ///< over the classes, without their deviation; likewise
  std::vector<PsdPoints> classes;  ///< each class's own staircase, from (0, 0) or above
};

/// What a class's TPR is at an eFPR.
enum class PsdTpr {
  highest,  ///< that is reached up to it: who knows the truth would choose that threshold
  own,      ///< of the point with it, or the last one before, also where others were higher
};

/// @param alpha_st weight of the standard deviation over the classes.
/// @param max_efpr per hour; the largest one that is reached where it is not given.
/// @throws Error{data} if there is no class, or if no max_efpr is given and none above 0 reached.
PsdRoc psd_roc(std::span<const PsdPoints> classes, double alpha_st, std::optional<double> max_efpr,
               PsdTpr tpr = PsdTpr::highest);

}  // namespace claptools
