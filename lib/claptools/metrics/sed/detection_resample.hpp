#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/metrics/sed/event_lists.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// The truth of clips drawn from those evaluated, some several times.
struct ResampledTruth {
  GroundTruth truth;
  /// Of the whole truth's, those that are still evaluated: a class all of whose events are in other
  /// clips is not.
  std::vector<std::size_t> classes;
};

/// @param clips positions in truth.clips.
ResampledTruth resample(const GroundTruth& truth, std::span<const std::size_t> clips);

/// The detections in these clips and of these classes.
EventList resample(const EventList& list, std::span<const std::size_t> clips,
                   std::span<const std::size_t> classes);

}  // namespace claptools
