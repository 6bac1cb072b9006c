// Regions as REAPER's Region/Marker Manager exports and imports them, with a ruler in
// minutes:seconds. Source: REAPER user guide, "The Region/Marker Manager".
#include <sstream>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/table_format.hpp"
#include "claptools/formats/times.hpp"

namespace claptools::reaper {
namespace {

/// "0:12.345", and with hours "1:00:12.345".
std::string ruler_text(std::int64_t ms) {
  std::string text = clock_text(ms, '.');
  const bool has_hours = ms >= 3'600'000;
  if (!has_hours) text.erase(0, text.find(':') + 1);
  return text[0] == '0' ? text.substr(1) : text;
}

std::string write(const LabelledRecording& recording, const FilePosition& position) {
  std::string text;
  std::size_t number = position.events;
  for (const TimedLabel& event : timed_labels(recording)) {
    text += 'R' + std::to_string(++number) + ',' + csv_field(escape_controls(event.label)) + ',' +
            ruler_text(event.onset_ms) + ',' + ruler_text(event.offset_ms) + ',' +
            ruler_text(event.offset_ms - event.onset_ms) + '\n';
  }
  return text;
}

bool recognises(std::string_view text) { return first_line(text).starts_with("#,Name,Start,End"); }

double read_time(const std::string& word, const EventSource& source, std::size_t line) {
  const auto seconds = parse_clock(word);
  if (!seconds)
    refuse_line(source, line,
                "'" + shorten(word) + "' is not a time; REAPER must show minutes:seconds");
  return require_time(seconds, word, source, line);
}

/// A marker has no end: it is an event without length.
std::vector<EventRow> read(const std::string& text, const EventSource& source) {
  std::istringstream in(text);
  const Table table = read_table(in, source.subject, Delimiter::comma);
  const std::size_t name = table.require("Name", source.subject);
  const std::size_t start = table.require("Start", source.subject);
  const std::size_t end = table.require("End", source.subject);
  std::vector<EventRow> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& fields = table.rows[i];
    const double onset_s = read_time(fields[start], source, table.lines[i]);
    const double offset_s =
        fields[end].empty() ? onset_s : read_time(fields[end], source, table.lines[i]);
    rows.push_back(make_row(source, fields[name], onset_s, offset_s, table.lines[i]));
  }
  return rows;
}

}  // namespace

extern const EventFormat kFormat;
const EventFormat kFormat = {.name = "reaper",
                             .title = "a list of REAPER's regions",
                             .ending = "csv",
                             .owns_ending = false,
                             .holds_many = false,
                             .recognises_empty = false,
                             .header = "#,Name,Start,End,Length\n",
                             .write = write,
                             .recognises = recognises,
                             .read = read};

}  // namespace claptools::reaper
