#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "claptools/metrics/sed/detection_f1.hpp"
#include "claptools/metrics/sed/detection_sweep.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// When a detection is right and an event found, as shares of their length.
struct IntersectionCriteria {
  double dtc = 0.5;            ///< detection tolerance
  double gtc = 0.5;            ///< ground truth intersection
  std::optional<double> cttc;  ///< cross-trigger tolerance; none are counted without
};

/// Counts what intersects one class's events: overlaps are compared after rounding to 6 decimals.
/// Source: Bilen et al., ICASSP 2020; rounding as in sed_scores_eval.
class IntersectionCounter : public RunCounter {
 public:
  /// @param truth must outlive this object; @param c position in truth.classes.
  IntersectionCounter(const GroundTruth& truth, std::size_t c,
                      const IntersectionCriteria& criteria);

  void add(const DetectedRun& run) override { update(run, true); }
  void remove(const DetectedRun& run) override { update(run, false); }
  void settle(std::size_t clip, const DetectionSweep& sweep) override;
  void reach(double /*score*/) override {}

  std::size_t events() const { return covered_s_.size(); }
  bool has_events(std::size_t clip) const { return !clips_[clip].own.empty(); }
  /// True positives are events that are found.
  const DetectionCounts& counts() const { return counts_; }
  /// False positives that cross-trigger each class.
  std::span<const std::size_t> cross_triggers() const { return cross_triggers_; }

 private:
  /// The class's events of one clip, and where they stand among all events of the class.
  struct ClipEvents {
    std::span<const TruthEvent> own;
    std::span<const TruthEvent> all;  // of all classes
    std::size_t first = 0;
  };

  void update(const DetectedRun& run, bool is_added);
  void count_cross_triggers(const DetectedRun& run, bool is_added);
  bool passes(const DetectedRun& run, std::span<const TruthEvent> own) const;
  bool is_found(std::size_t event, const DetectionSweep& sweep) const;

  std::size_t class_;
  IntersectionCriteria criteria_;
  std::vector<ClipEvents> clips_;
  std::vector<const TruthEvent*> events_;
  std::vector<double> covered_s_;  // of each event by detections that pass, summed in any order
  std::vector<bool> found_;
  std::vector<std::size_t> touched_;  // events whose cover changed since the last score
  DetectionCounts counts_;
  std::vector<std::size_t> cross_triggers_;
};

}  // namespace claptools
