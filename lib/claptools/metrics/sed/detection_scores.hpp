#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "claptools/metrics/metric_selection.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/psds/psds_collector.hpp"
#include "claptools/metrics/sed/error_rates.hpp"
#include "claptools/metrics/sed/event_f1.hpp"
#include "claptools/metrics/sed/segment_f1.hpp"
#include "claptools/metrics/segments/segment_ranking.hpp"

namespace claptools {

struct DetectionOptions {
  std::vector<NamedPsds> psds = default_psds();
  EventCollars collars;
  IntersectionCriteria intersection;  ///< of the intersection F1
  double threshold = 0.2;             ///< of the values `*_at`
  std::vector<double> thresholds;     ///< of each class instead, unless empty
  MetricSelection metrics;            ///< which to compute besides `psds`

  double threshold_of(std::size_t c) const {
    return thresholds.empty() ? threshold : thresholds[c];
  }
};

/// The scores under the names of their metrics.
struct DetectionScores {
  NamedPsdRocs psds;
  NamedPsdRocs derived_psds;  ///< those asked for of derived_psds()
  /// Those asked for of detection_f_metrics().
  std::vector<std::pair<std::string, FScores>> f_scores;
  std::vector<std::size_t> segments;     ///< of each class, detected or not, positive or not
  std::vector<SegmentRanking> rankings;  ///< of each class, if one is asked for
  std::vector<std::pair<std::string, ErrorRates>> error_rates;
};

/// Scores sound event detection at all thresholds.
/// @param frames of the clips and classes of `truth`, in its order.
/// @throws Error{data} if the numbers of clips or classes differ, or that of thresholds.
DetectionScores score_detection(const DetectionFrames& frames, const GroundTruth& truth,
                                const DetectionOptions& options = {});

/// All under their names; of F-scores of segments also the true negatives, `NAME.tns`. A ranking of
/// segments is the mean over the classes in which it is defined.
/// @param classes the names of those evaluated, in order.
MetricValues to_metrics(const DetectionScores& scores, std::span<const std::string> classes);

/// The names of F-scores: `event_f1_best`, `event_f1_best_decimals6`, `event_f1_onset_only_best`,
/// `event_f1_at`, `segment_f1_best`, `segment_f1_at`, `intersection_f1_best`, `intersection_f1_at`.
/// Those of PSDS are in DetectionOptions.
std::vector<std::string> detection_f_metrics();

/// The other names: `mpauc`, `mpauc_mcclish`, `segment_auroc`, `segment_ap` (SegmentRanking),
/// `segment_error_rate_at`, `collar_error_rate_at` and derived_psds(). The micro average of
/// segments counts substitutions, that of events, which match in one way or another, does not.
std::vector<std::string> further_detection_metrics();

}  // namespace claptools
