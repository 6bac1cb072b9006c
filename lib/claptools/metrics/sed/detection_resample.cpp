#include "claptools/metrics/sed/detection_resample.hpp"

#include <algorithm>
#include <numeric>

namespace claptools {
namespace {

/// The events of the clips drawn, clip after clip under its new number, of the classes kept.
/// @param events sorted by clip.
std::vector<TruthEvent> drawn_events(std::span<const TruthEvent> events,
                                     std::span<const std::size_t> clips,
                                     std::span<const std::size_t> classes) {
  std::vector<TruthEvent> drawn;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    auto event = std::ranges::lower_bound(events, clips[i], {}, &TruthEvent::clip);
    for (; event != events.end() && event->clip == clips[i]; ++event) {
      const auto kept = std::ranges::lower_bound(classes, event->class_index);
      if (kept == classes.end() || *kept != event->class_index) continue;
      const auto class_index = static_cast<std::size_t>(kept - classes.begin());
      drawn.push_back({i, class_index, event->onset_s, event->offset_s});
    }
  }
  return drawn;
}

std::vector<std::size_t> events_by_class(std::span<const TruthEvent> events, std::size_t classes) {
  std::vector<std::size_t> counts(classes);
  for (const TruthEvent& event : events) ++counts[event.class_index];
  return counts;
}

}  // namespace

ResampledTruth resample(const GroundTruth& truth, std::span<const std::size_t> clips) {
  const std::size_t n = truth.classes.size();
  std::vector<std::size_t> all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto before = events_by_class(truth.events, n);
  const auto now = events_by_class(drawn_events(truth.events, clips, all), n);
  ResampledTruth drawn;
  for (std::size_t c = 0; c < n; ++c) {
    if (now[c] == 0 && before[c] > 0) continue;
    drawn.classes.push_back(c);
    drawn.truth.classes.push_back(truth.classes[c]);
  }
  for (const std::size_t clip : clips) {
    drawn.truth.clips.push_back(truth.clips[clip]);
    drawn.truth.durations_s.push_back(truth.durations_s[clip]);
  }
  drawn.truth.events = drawn_events(truth.events, clips, drawn.classes);
  return drawn;
}

EventList resample(const EventList& list, std::span<const std::size_t> clips,
                   std::span<const std::size_t> classes) {
  return {list.threshold, drawn_events(list.events, clips, classes)};
}

}  // namespace claptools
