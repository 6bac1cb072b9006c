#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "claptools/formats/event_format.hpp"
#include "claptools/formats/event_text.hpp"
#include "fuzz/harness.hpp"

namespace {

using namespace claptools;

/// What was read can be written, and is then read as the same number of events.
void write_again(const std::vector<EventRow>& rows) {
  LabelledRecording recording{"a.wav", 10, 32000, {}};
  for (const EventRow& row : rows)
    if (!row.label.empty()) recording.events.push_back({row.label, row.onset_s, row.offset_s, 0});
  std::ranges::sort(recording.events, {}, &Event::onset_s);
  std::set<std::string> labels;
  for (const Event& event : recording.events) labels.insert(event.label);
  if (labels.size() > 100) return;  // tiers take quadratic time
  for (const EventFormat* format : event_formats()) {
    EventText text(*format);
    const auto again = format->read(text.add(recording), {"again", "a.wav"});
    const auto events = static_cast<std::size_t>(
        std::ranges::count_if(again, [](const EventRow& row) { return !row.label.empty(); }));
    if (events != recording.events.size()) std::abort();
  }
}

}  // namespace

/// Labels of other programs, in every format.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text(data, size));
  for (const EventFormat* format : event_formats()) {
    format->recognises(text);
    std::vector<EventRow> rows;
    fuzz::expect_data_or_refusal([&] { rows = format->read(text, {"input", "a.wav"}); });
    write_again(rows);
  }
  return 0;
}
