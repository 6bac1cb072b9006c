#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/score_codes.hpp"
#include "claptools/metrics/sed/detection_f1.hpp"
#include "claptools/metrics/segments/segments.hpp"

namespace claptools {

/// Errors per event (or per segment with an event) at fixed thresholds; above 1 where there are
/// more. Source: Mesaros et al., "Metrics for polyphonic sound event detection", 2016.
struct ErrorRates {
  std::vector<double> per_class;  ///< (deletions + insertions) / events; NaN without events
  double macro = 0;               ///< mean over the classes in which it is defined
  /// (substitutions + deletions + insertions) / events, of all classes together: a substitution
  /// stands for one deletion and one insertion.
  double micro = 0;
};

/// @param substitutions among the misses and false positives of all classes.
ErrorRates error_rates(std::span<const ClassFScore> per_class, std::size_t substitutions);

/// Counts the segments' substitutions class by class: in each segment as many as there are pairs of
/// a class that is missed and one that is detected wrongly.
class SubstitutionCounter {
 public:
  /// @param segments of the next class, in the same order for all. @param threshold of the class.
  void add(std::span<const ScoredSegment> segments, const ScoreCodes& codes, double threshold);
  std::size_t count() const;

 private:
  std::vector<std::uint32_t> misses_, alarms_;  // of each segment
};

/// `NAME.macro_average`, `NAME.micro_average` and the classes' values under NAME.
MetricValues to_metrics(const ErrorRates& rates, const std::string& name,
                        std::span<const std::string> classes);

/// NaN if no value is defined.
double mean_of_defined(std::span<const double> values);

}  // namespace claptools
