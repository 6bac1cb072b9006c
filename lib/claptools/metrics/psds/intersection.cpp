#include "claptools/metrics/psds/intersection.hpp"

#include <algorithm>
#include <cmath>

namespace claptools {
namespace {

double overlap(const DetectedRun& run, const TruthEvent& event) {
  return std::max(0.0,
                  std::min(run.offset_s, event.offset_s) - std::max(run.onset_s, event.onset_s));
}

double total_overlap(const DetectedRun& run, std::span<const TruthEvent> events) {
  double sum = 0;
  for (const TruthEvent& event : events) sum += overlap(run, event);
  return sum;
}

void step(std::size_t& count, bool up) { up ? ++count : --count; }

/// a >= b, both rounded to 6 decimals. Numbers that are not close need no rounding.
bool reaches(double a, double b) {
  if (a >= b) return true;
  if (a < b - 2e-6) return false;
  return std::nearbyint(a * 1e6) >= std::nearbyint(b * 1e6);
}

}  // namespace

IntersectionCounter::IntersectionCounter(const GroundTruth& truth, std::size_t c,
                                         const IntersectionCriteria& criteria)
    : class_(c), criteria_(criteria), cross_triggers_(truth.classes.size()) {
  for (std::size_t clip = 0; clip < truth.clips.size(); ++clip) {
    clips_.push_back({truth.of(clip, c), truth.of_clip(clip), events_.size()});
    for (const TruthEvent& event : clips_.back().own) events_.push_back(&event);
  }
  covered_s_.resize(events_.size());
  found_.resize(events_.size());
}

void IntersectionCounter::update(const DetectedRun& run, bool is_added) {
  const ClipEvents& clip = clips_[run.clip];
  if (!passes(run, clip.own)) {
    step(counts_.false_positives, is_added);
    if (criteria_.cttc) count_cross_triggers(run, is_added);
    return;
  }
  for (std::size_t i = 0; i < clip.own.size(); ++i) {
    const double seconds = overlap(run, clip.own[i]);
    if (seconds == 0) continue;
    covered_s_[clip.first + i] += is_added ? seconds : -seconds;
    touched_.push_back(clip.first + i);
  }
}

void IntersectionCounter::count_cross_triggers(const DetectedRun& run, bool is_added) {
  const auto all = clips_[run.clip].all;
  const double needed_s = *criteria_.cttc * (run.offset_s - run.onset_s);
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t other = all[i].class_index;
    double sum = 0;
    for (; i < all.size() && all[i].class_index == other; ++i) sum += overlap(run, all[i]);
    if (other != class_ && reaches(sum, needed_s)) step(cross_triggers_[other], is_added);
  }
}

bool IntersectionCounter::passes(const DetectedRun& run, std::span<const TruthEvent> own) const {
  return reaches(total_overlap(run, own), criteria_.dtc * (run.offset_s - run.onset_s));
}

void IntersectionCounter::settle(std::size_t /*clip*/, const DetectionSweep& sweep) {
  for (const std::size_t event : touched_) {
    const bool found = is_found(event, sweep);
    if (found == found_[event]) continue;
    found_[event] = found;
    step(counts_.true_positives, found);
  }
  touched_.clear();
}

/// The sum in any order decides unless it lies so near the limit that its rounding errors might;
/// then it is summed again in order of time.
bool IntersectionCounter::is_found(std::size_t index, const DetectionSweep& sweep) const {
  constexpr double kNear = 1e-9;
  const TruthEvent& event = *events_[index];
  const double needed_s = criteria_.gtc * (event.offset_s - event.onset_s);
  const bool found = reaches(covered_s_[index] + kNear, needed_s);
  if (found == reaches(covered_s_[index] - kNear, needed_s)) return found;
  double sum = 0;
  for (const DetectedRun& run : sweep.runs(event.clip)) {
    if (passes(run, clips_[event.clip].own)) sum += overlap(run, event);
  }
  return reaches(sum, needed_s);
}

}  // namespace claptools
