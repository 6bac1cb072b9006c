#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/metrics/sed/detection_frames.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"
#include "claptools/tasks/csebbs/csebbs.hpp"

namespace claptools {

/// Frame scores as bounding boxes of each class.
/// @param frames     of the clips and classes of `truth`, which are also as long as it says.
/// @param parameters of each class.
DetectionFrames box_frames(const DetectionFrames& frames, const GroundTruth& truth,
                           std::span<const CsebbsParameters> parameters);

/// The parameters that are tried: each filter length with each absolute threshold alone, then with
/// each relative one alone. The defaults are those of the package sebbs.
struct CsebbsGrid {
  std::vector<double> step_filter_lengths_s = {0.32, 0.48, 0.64};
  std::vector<double> merge_thresholds_abs = {0.15, 0.2, 0.3};
  std::vector<double> merge_thresholds_rel = {1.5, 2, 3};
};

/// What is best for a class.
struct TunedCsebbs {
  CsebbsParameters parameters;
  double psds1 = 0;  ///< of the class alone
};

/// For each class the parameters with the highest psds1 of default_psds(), of equal ones the first
/// tried. Source: select_best_psds() of sebbs 1.0.2.
/// @param frames, truth as for box_frames(). @param threads changes no result.
std::vector<TunedCsebbs> tune_csebbs(const DetectionFrames& frames, const GroundTruth& truth,
                                     const CsebbsGrid& grid = {}, std::size_t threads = 1);

}  // namespace claptools
