#include "claptools/metrics/sed/event_f1.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace claptools {
namespace {

/// The size of a largest matching between events and the runs that fit them (augmenting paths).
class Matching {
 public:
  explicit Matching(std::span<const std::vector<std::uint32_t>> runs_of_event)
      : runs_of_event_(runs_of_event) {}

  std::size_t size() {
    std::size_t matched = 0;
    for (std::size_t event = 0; event < runs_of_event_.size(); ++event) {
      visited_.clear();
      matched += augment(event) ? 1 : 0;
    }
    return matched;
  }

 private:
  bool augment(std::size_t event) {
    for (const std::uint32_t run : runs_of_event_[event]) {
      if (!visited_.insert(run).second) continue;
      const auto owner = event_of_run_.find(run);
      if (owner != event_of_run_.end() && !augment(owner->second)) continue;
      event_of_run_[run] = event;
      return true;
    }
    return false;
  }

  std::span<const std::vector<std::uint32_t>> runs_of_event_;
  std::unordered_map<std::uint32_t, std::size_t> event_of_run_;
  std::unordered_set<std::uint32_t> visited_;
};

bool within(double difference, double collar, bool round_to_6_decimals) {
  const double excess = std::abs(difference) - collar;
  return (round_to_6_decimals ? std::nearbyint(excess * 1e6) : excess) <= 0;
}

}  // namespace

EventCounter::EventCounter(const GroundTruth& truth, std::size_t c, const EventCollars& collars)
    : collars_(collars) {
  std::size_t first = 0;
  for (std::size_t clip = 0; clip < truth.clips.size(); ++clip) {
    clips_.push_back({truth.of(clip, c), first});
    first += clips_.back().own.size();
  }
  candidates_.resize(first);
}

void EventCounter::add(const DetectedRun& run) {
  ++detections_;
  touch(run, true);
}

void EventCounter::remove(const DetectedRun& run) {
  --detections_;
  touch(run, false);
}

bool EventCounter::fits(const DetectedRun& run, const TruthEvent& event) const {
  const bool rounded = collars_.round_to_6_decimals;
  if (!within(run.onset_s - event.onset_s, collars_.onset_s, rounded)) return false;
  const double offset_collar =
      std::max(collars_.offset_s, collars_.offset_share * (event.offset_s - event.onset_s));
  return collars_.ignore_offset || within(run.offset_s - event.offset_s, offset_collar, rounded);
}

void EventCounter::touch(const DetectedRun& run, bool is_added) {
  const ClipEvents& clip = clips_[run.clip];
  for (std::size_t i = 0; i < clip.own.size(); ++i) {
    if (!fits(run, clip.own[i])) continue;
    auto& candidates = candidates_[clip.first + i];
    if (is_added) {
      candidates.push_back(run.first_frame);
    } else {
      std::erase(candidates, run.first_frame);
    }
    is_touched_ = true;
  }
}

void EventCounter::settle(std::size_t index, const DetectionSweep& /*sweep*/) {
  if (!is_touched_) return;
  is_touched_ = false;
  ClipEvents& clip = clips_[index];
  const std::size_t matched =
      Matching(std::span(candidates_).subspan(clip.first, clip.own.size())).size();
  matched_ = matched_ - clip.matched + matched;
  clip.matched = matched;
}

}  // namespace claptools
