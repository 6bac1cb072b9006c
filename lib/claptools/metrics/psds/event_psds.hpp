#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "claptools/metrics/psds/psd_roc.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// When a detection counts, and what for: shares from 0 to 1, compared without rounding.
/// Source: Bilen et al., ICASSP 2020, and psds_eval 0.5.3.
struct EventCriteria {
  double dtc = 0.5;   ///< of a detection, that events of its class must cover
  double gtc = 0.5;   ///< of an event, that detections that meet dtc must cover
  double cttc = 0.3;  ///< of another detection, that events of another class must cover
};

/// [classes + 1, classes + 1]: row = class detected, column = class that is there; the last column
/// holds false positives, the diagonal true ones, the rest cross-triggers.
struct EventCounts {
  std::size_t classes = 0;
  std::vector<std::size_t> cells;

  explicit EventCounts(std::size_t n) : classes(n), cells((n + 1) * (n + 1)) {}
  std::size_t& at(std::size_t row, std::size_t column) {
    return cells[row * (classes + 1) + column];
  }
  std::size_t at(std::size_t row, std::size_t column) const {
    return cells[row * (classes + 1) + column];
  }
  std::size_t false_positives(std::size_t c) const { return at(c, classes); }
};

/// Adds what the detections of one clip do. A detection that fails is a false positive only if it
/// begins before the clip's end.
/// @param truth, detections of that clip alone, of classes below counts.classes, none of no length.
void count_clip(std::span<const TruthEvent> truth, std::span<const TruthEvent> detections,
                double duration_s, const EventCriteria& criteria, EventCounts& counts);

/// The events to find.
struct EventTotals {
  std::vector<std::size_t> events;  ///< of each class
  std::vector<double> seconds;      ///< of each class's events
  double duration_s = 0;            ///< of all clips

  explicit EventTotals(const GroundTruth& truth);
};

/// Rates at one operating point.
struct EventRates {
  std::vector<double> tpr;  ///< share of the class's events; 0 for a class without any
  std::vector<double> fpr;  ///< per hour
  /// [detected][there], per hour of the class that is there; NaN on the diagonal and for a class
  /// without events.
  std::vector<std::vector<double>> ctr;
};

EventRates event_rates(const EventCounts& counts, const EventTotals& totals);

/// The points of each class, for psd_roc: eFPR = FPR + alpha_ct * mean cross-trigger rate over the
/// other classes (0 where there is no other).
std::vector<PsdPoints> psd_points(std::span<const EventCounts> operating_points,
                                  const EventTotals& totals, double alpha_ct);

/// What is given of a PSDS.
struct PsdsLimits {
  double alpha_ct = 0;
  double alpha_st = 0;
  std::optional<double> max_efpr = 100;  ///< per hour; none: the largest that is reached
};

/// None if the largest eFPR reached is wanted and that is 0: the score has no meaning then.
std::optional<PsdRoc> event_psds(std::span<const EventCounts> operating_points,
                                 const EventTotals& totals, const PsdsLimits& limits);

}  // namespace claptools
