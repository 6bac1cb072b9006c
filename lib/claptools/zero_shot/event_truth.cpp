#include "claptools/zero_shot/event_truth.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/strings/escape.hpp"
#include "claptools/formats/read_events.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {

EventTruth EventTruth::read(const std::string& path) {
  EventTruth truth;
  if (path.empty()) return truth;
  for (const EventRow& row : read_events(path)) {
    auto& events = truth.events_[row.filename];
    if (!row.label.empty()) events.push_back({row.label, row.onset_s, row.offset_s, 0});
  }
  return truth;
}

std::optional<std::vector<Event>> EventTruth::of(const RecordingFrames& recording) const {
  const std::string base = recording.id.substr(recording.id.rfind('/') + 1);
  auto found = events_.end();
  for (const std::string& name : {recording.id, base}) {
    for (const std::string& spelled :
         {name, escape_tsv(name), std::string(without_extension(name))}) {
      if (found == events_.end()) found = events_.find(spelled);
    }
  }
  if (found == events_.end()) return std::nullopt;
  std::vector<Event> events;
  for (Event event : found->second) {
    if (event.offset_s <= recording.start_s || event.onset_s >= recording.end_s) continue;
    event.onset_s = std::max(event.onset_s - recording.start_s, 0.0);
    event.offset_s = std::min(event.offset_s, recording.end_s) - recording.start_s;
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace claptools
