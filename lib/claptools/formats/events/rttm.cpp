// Rich Transcription Time Marked files, as scorers of speakers read them: ten fields with blanks
// between, "SPEAKER recording 1 onset length <NA> <NA> label <NA> <NA>"; seconds.
// Source: NIST, "The Rich Transcription 2009 evaluation plan", appendix A.
#include <algorithm>
#include <array>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/utf8.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/times.hpp"

namespace claptools::rttm {
namespace {

constexpr std::array<std::string_view, 10> kTypes = {
    "SPEAKER", "SPKR-INFO",      "LEXEME",  "NON-LEX", "NON-SPEECH",
    "NOSCORE", "NO_RT_METADATA", "SEGMENT", "SU",      "EDIT"};

bool is_blank(char32_t c) {
  return c == ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// A field cannot hold blanks: they become \xNN, as control characters do.
std::string field(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string spelled;
  const std::string escaped = escape_tsv(name);
  for (std::string_view rest = escaped; !rest.empty();) {
    const Utf8Char c = decode_utf8(rest);
    for (const char byte : rest.substr(0, c.length)) {
      const auto value = static_cast<unsigned char>(byte);
      if (is_blank(c.code_point)) {
        ((spelled += "\\x") += kDigits[value >> 4]) += kDigits[value & 15];
      } else {
        spelled += byte;
      }
    }
    rest.remove_prefix(c.length);
  }
  return spelled.empty() ? "<NA>" : spelled;
}

std::string write(const LabelledRecording& recording, const FilePosition&) {
  std::string text;
  const std::string name = field(recording.id);
  for (const TimedLabel& event : timed_labels(recording)) {
    text += "SPEAKER " + name + " 1 " + seconds_text(event.onset_ms) + ' ' +
            seconds_text(event.offset_ms - event.onset_ms) + " <NA> <NA> " + field(event.label) +
            " <NA> <NA>\n";
  }
  return text;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return fields;
}

bool is_type(std::string_view word) { return std::ranges::count(kTypes, word) > 0; }

bool recognises(std::string_view text) {
  std::string_view line;
  do line = first_line(text, &text);
  while (line.starts_with(";;"));
  const auto fields = fields_of(line);
  return fields.size() >= 8 && is_type(fields[0]);
}

/// Other lines than those of speakers are skipped.
std::vector<EventRow> read(const std::string& text, const EventSource& source) {
  std::vector<EventRow> rows;
  visit_lines(text, source, [&](const std::string& line, std::size_t number) {
    const auto fields = fields_of(line);
    if (fields.empty() || fields[0].starts_with(";;")) return;
    if (!is_type(fields[0]))
      refuse_line(source, number, "'" + shorten(fields[0]) + "' is not a type of RTTM");
    if (fields[0] != kTypes[0]) return;
    if (fields.size() < 8)
      refuse_line(source, number, "has " + std::to_string(fields.size()) + " fields, not 10");
    const double onset_s = read_seconds(fields[3], source, number);
    const double length_s = read_seconds(fields[4], source, number);
    // In whole milliseconds, so that an event ends where the next one begins.
    const double offset_s = static_cast<double>(to_ms(onset_s) + to_ms(length_s)) / 1000;
    const bool is_fine = static_cast<double>(to_ms(onset_s)) / 1000 == onset_s &&
                         static_cast<double>(to_ms(length_s)) / 1000 == length_s;
    EventRow row = make_row(source, unescape_tsv(fields[7]), onset_s,
                            is_fine ? offset_s : onset_s + length_s, number);
    row.filename = unescape_tsv(fields[1]);
    rows.push_back(std::move(row));
  });
  return rows;
}

}  // namespace

extern const EventFormat kFormat;
const EventFormat kFormat = {.name = "rttm",
                             .title = "an RTTM file",
                             .ending = "rttm",
                             .owns_ending = true,
                             .holds_many = true,
                             .recognises_empty = true,
                             .header = "",
                             .write = write,
                             .recognises = recognises,
                             .read = read};

}  // namespace claptools::rttm
