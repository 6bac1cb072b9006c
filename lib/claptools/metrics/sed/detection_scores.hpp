#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "claptools/metrics/metric_selection.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/psds/psds.hpp"
#include "claptools/metrics/sed/event_f1.hpp"
#include "claptools/metrics/sed/segment_f1.hpp"

namespace claptools {

struct DetectionOptions {
  std::vector<NamedPsds> psds = default_psds();
  EventCollars collars;
  IntersectionCriteria intersection;  ///< of the intersection F1
  double threshold = 0.2;             ///< of the values `*_at`
  MetricSelection metrics;            ///< which F-scores to compute
};

/// The scores under the names of their metrics.
struct DetectionScores {
  std::vector<std::pair<std::string, PsdRoc>> psds;
  /// Those asked for of detection_f_metrics().
  std::vector<std::pair<std::string, FScores>> f_scores;
  std::vector<std::size_t> segments;  ///< of each class, detected or not, positive or not
};

/// Scores sound event detection at all thresholds.
/// @param frames of the clips and classes of `truth`, in its order.
/// @throws Error{data} if the numbers of clips or classes differ.
DetectionScores score_detection(const DetectionFrames& frames, const GroundTruth& truth,
                                const DetectionOptions& options = {});

/// PSDS and F-scores under their names; of segments also the true negatives, `NAME.tns`.
/// @param classes the names of those evaluated, in order.
MetricValues to_metrics(const DetectionScores& scores, std::span<const std::string> classes);

/// The names of F-scores: `event_f1_best`, `event_f1_best_decimals6`, `event_f1_onset_only_best`,
/// `event_f1_at`, `segment_f1_best`, `segment_f1_at`, `intersection_f1_best`, `intersection_f1_at`.
/// Those of PSDS are in DetectionOptions.
std::vector<std::string> detection_f_metrics();

}  // namespace claptools
