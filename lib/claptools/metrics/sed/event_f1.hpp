#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "claptools/metrics/sed/detection_f1.hpp"
#include "claptools/metrics/sed/detection_sweep.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// How far a detection's ends may lie from the event's.
struct EventCollars {
  double onset_s = 0.2;
  double offset_s = 0.2;
  double offset_share = 0.2;  ///< of the event's length, where that is more than offset_s
  bool ignore_offset = false;
  bool round_to_6_decimals = false;  ///< what is left of a collar, so that its very end counts
};

/// Counts detections matched one to one with events (a largest matching in each clip).
/// Source: event-based F1 as in sed_eval and sed_scores_eval.
class EventCounter : public RunCounter {
 public:
  /// @param truth must outlive this object; @param c position in truth.classes.
  EventCounter(const GroundTruth& truth, std::size_t c, const EventCollars& collars);

  void add(const DetectedRun& run) override;
  void remove(const DetectedRun& run) override;
  void settle(std::size_t clip, const DetectionSweep& sweep) override;
  void reach(double /*score*/) override {}

  std::size_t events() const { return candidates_.size(); }
  bool has_events(std::size_t clip) const { return !clips_[clip].own.empty(); }
  DetectionCounts counts() const { return {matched_, detections_ - matched_}; }

 private:
  struct ClipEvents {
    std::span<const TruthEvent> own;
    std::size_t first = 0;    // of the clip's events among all of the class
    std::size_t matched = 0;  // at the score before
  };

  bool fits(const DetectedRun& run, const TruthEvent& event) const;
  void touch(const DetectedRun& run, bool is_added);

  EventCollars collars_;
  std::vector<ClipEvents> clips_;
  std::vector<std::vector<std::uint32_t>> candidates_;  // the runs that fit each event
  bool is_touched_ = false;  // whether candidates of the current clip changed
  std::size_t detections_ = 0;
  std::size_t matched_ = 0;
};

}  // namespace claptools
