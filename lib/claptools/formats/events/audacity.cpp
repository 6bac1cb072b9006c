// Labels as Audacity exports and imports them: start, tab, end, tab, label; seconds.
// Source: Audacity manual, "Importing and Exporting Labels".
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/times.hpp"

namespace claptools::audacity {
namespace {

std::string write(const LabelledRecording& recording, const FilePosition&) {
  std::string text;
  for (const TimedLabel& event : timed_labels(recording)) {
    text += seconds_text(event.onset_ms) + '\t' + seconds_text(event.offset_ms) + '\t' +
            escape_controls(event.label) + '\n';
  }
  return text;
}

bool recognises(std::string_view text) {
  std::string_view line = first_line(text);
  const auto onset = take_field(line, '\t'), offset = take_field(line, '\t');
  return parse<double>(onset) && parse<double>(offset);
}

/// A line that begins with a backslash has the frequencies of the label before it.
std::vector<EventRow> read(const std::string& text, const EventSource& source) {
  std::vector<EventRow> rows;
  visit_lines(text, source, [&](const std::string& whole, std::size_t number) {
    std::string_view line = whole;
    if (trimmed(line).empty() || line.starts_with('\\')) return;
    if (std::string_view(whole).find('\t') == whole.npos)
      refuse_line(source, number, "an Audacity label has a start, a tab, an end, a tab and a text");
    const double onset_s = read_seconds(take_field(line, '\t'), source, number);
    const double offset_s = read_seconds(take_field(line, '\t'), source, number);
    rows.push_back(make_row(source, std::string(line), onset_s, offset_s, number));
  });
  return rows;
}

}  // namespace

extern const EventFormat kFormat;
const EventFormat kFormat = {.name = "audacity",
                             .title = "a label track of Audacity",
                             .ending = "txt",
                             .owns_ending = false,
                             .holds_many = false,
                             .recognises_empty = true,
                             .header = "",
                             .write = write,
                             .recognises = recognises,
                             .read = read};

}  // namespace claptools::audacity
