#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/metrics/psds/psds.hpp"

namespace claptools {

/// The operating points of one class under median filters of 0.3125, 0.9375, 1.5625 and 2.1875 s
/// over its scores (SecondsMedian): with those of the scores themselves they give the median
/// filter independent PSDS, for which each class has the best filter at each eFPR.
/// Source: Ebbers et al., "Post-processing independent evaluation of sound event detection
/// systems", 2023.
/// @return for each of `parameters`.
std::vector<PsdPoints> filtered_points(const DetectionFrames& frames, const GroundTruth& truth,
                                       std::size_t c, std::span<const PsdsParameters> parameters);

}  // namespace claptools
