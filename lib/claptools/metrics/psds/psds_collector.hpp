#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "claptools/metrics/metric_selection.hpp"
#include "claptools/metrics/psds/psds.hpp"

namespace claptools {

using NamedPsdRocs = std::vector<std::pair<std::string, PsdRoc>>;

/// The names of what is derived from psds1 and psds2: `*_non_oracle` (PsdTpr::own), `*_at` (the
/// operating point of given thresholds alone) and `*_median_filter_independent` (filtered_points).
std::vector<std::string> derived_psds();

/// Collects the operating points of all PSDS, class after class.
class PsdsCollector {
 public:
  /// @param psds what is computed anyway. @param metrics which of derived_psds() are.
  PsdsCollector(const std::vector<NamedPsds>& psds, const MetricSelection& metrics);

  /// Counters for a sweep of class c; they live until end(). @param threshold of `*_at`.
  std::vector<RunCounter*> begin(const GroundTruth& truth, std::size_t c, double threshold);
  /// After the sweep.
  void end(const DetectionFrames& frames, const GroundTruth& truth, std::size_t c);

  NamedPsdRocs psds() const;     ///< those that were given, in their order
  NamedPsdRocs derived() const;  ///< those of derived_psds() that are asked for

 private:
  struct Variant {
    NamedPsds psds;
    bool given = false, non_oracle = false, at_threshold = false, any_filter = false;
    std::vector<PsdPoints> points, all_points, at_points, filter_points;  // [class]
  };

  std::vector<Variant> variants_;
  std::vector<PsdsCounter> counters_;  // of one class, one for each variant
};

}  // namespace claptools
