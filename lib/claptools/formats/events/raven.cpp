// Selection tables of Raven: tab separated, one selection per row. In a table of several recordings
// "Begin Time (s)" counts through all of them, one after another, and "File Offset (s)" from the
// start of the one that "Begin Path" names.
// Source: Raven Pro user's manual, "Selection tables".
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>
#include <tuple>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/times.hpp"

namespace claptools::raven {
namespace {

constexpr std::string_view kBegin = "Begin Time (s)", kEnd = "End Time (s)", kPath = "Begin Path",
                           kOffset = "File Offset (s)";

/// What annotations are called by Raven, by BirdNET, and in tables of other tools.
constexpr std::array kLabels = {"Annotation", "Common Name", "Species", "Label", "Class", "Tags"};

/// Six decimals, as clap-classify prints scores.
std::string score_text(float score) {
  std::array<char, 64> text{};
  const double rounded = std::round(static_cast<double>(score) * 1e6) / 1e6 + 0.0;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), rounded, std::chars_format::fixed, 6);
  return {text.data(), end.ptr};
}

std::string write(const LabelledRecording& recording, const FilePosition& position) {
  std::string text;
  std::size_t number = position.events;
  const std::string path = escape_controls(recording.id);
  const std::string high =
      recording.sample_rate > 0 ? std::to_string(recording.sample_rate / 2) : "";
  for (const TimedLabel& event : timed_labels(recording)) {
    text += std::to_string(++number) + "\tSpectrogram 1\t1\t" +
            seconds_text(position.time_ms + event.onset_ms) + '\t' +
            seconds_text(position.time_ms + event.offset_ms) + "\t0\t" + high + '\t' + path + '\t' +
            seconds_text(event.onset_ms) + '\t' + escape_controls(event.label) + '\t' +
            score_text(event.score) + '\n';
  }
  return text;
}

bool recognises(std::string_view text) {
  const std::string_view line = first_line(text);
  return line.find('\t') != line.npos && line.find(kBegin) != line.npos &&
         line.find(kEnd) != line.npos;
}

std::size_t label_column(const Table& table, const EventSource& source) {
  for (const char* name : kLabels)
    if (const auto column = table.find(name)) return *column;
  throw Error(Fault::data, source.subject, "column 'Annotation' is missing");
}

/// A path of Windows is nothing that these tools call a recording; its file's name may be.
std::string recording_of(std::string path) {
  const bool is_windows = path.size() > 2 && path[1] == ':' && path[2] == '\\';
  return is_windows ? path.substr(path.rfind('\\') + 1) : path;
}

/// Raven saves a selection once for each of its views.
std::vector<EventRow> read(const std::string& text, const EventSource& source) {
  std::istringstream in(text);
  const Table table = read_table(in, source.subject, Delimiter::tab);
  const std::size_t begin = table.require(kBegin, source.subject);
  const std::size_t end = table.require(kEnd, source.subject);
  const std::size_t label = label_column(table, source);
  const auto offset = table.find(kOffset), selection = table.find("Selection");
  const auto name = table.find(kPath) ? table.find(kPath) : table.find("Begin File");
  std::vector<EventRow> rows;
  std::set<std::tuple<std::string, double, std::string, std::string>> seen;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& fields = table.rows[i];
    const std::size_t line = table.lines[i];
    const double begin_s = read_seconds(fields[begin], source, line);
    const double end_s = read_seconds(fields[end], source, line);
    EventRow row = make_row(source, fields[label], begin_s, end_s, line);
    if (offset && !fields[*offset].empty()) {
      const double offset_s = read_seconds(fields[*offset], source, line);
      if (offset_s != begin_s) {  // in whole milliseconds, or the difference has other digits
        row.offset_s = static_cast<double>(to_ms(offset_s) + to_ms(end_s) - to_ms(begin_s)) / 1000;
        row.onset_s = static_cast<double>(to_ms(offset_s)) / 1000;
      }
    }
    if (name && !fields[*name].empty()) row.filename = recording_of(fields[*name]);
    const std::string number = selection ? fields[*selection] : std::to_string(line);
    if (seen.emplace(number, begin_s, row.label, row.filename).second)
      rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

extern const EventFormat kFormat;
const EventFormat kFormat = {
    .name = "raven",
    .title = "a selection table of Raven",
    .ending = "txt",
    .owns_ending = false,
    .holds_many = true,
    .recognises_empty = false,
    .header =
        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)"
        "\tBegin Path\tFile Offset (s)\tAnnotation\tScore\n",
    .write = write,
    .recognises = recognises,
    .read = read};

}  // namespace claptools::raven
