// Subtitles as SubRip has them: a number, "HH:MM:SS,mmm --> HH:MM:SS,mmm", text, an empty line.
#include <optional>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/times.hpp"

namespace claptools::srt {
namespace {

constexpr std::string_view kArrow = "-->";

std::string write(const LabelledRecording& recording, const FilePosition&) {
  std::string text;
  std::size_t number = 0;
  for (const TimedLabel& event : timed_labels(recording)) {
    text += std::to_string(++number) + '\n' + clock_text(event.onset_ms, ',') + " --> " +
            clock_text(event.offset_ms, ',') + '\n' + escape_controls(event.label) + "\n\n";
  }
  return text;
}

bool recognises(std::string_view text) {
  std::string_view rest;
  const auto number = first_line(text, &rest);
  return parse<std::size_t>(number) && first_line(rest).find(kArrow) != std::string_view::npos;
}

/// What has been read of a subtitle.
struct Cue {
  double onset_s = 0, offset_s = 0;
  std::string label;
  std::size_t line = 0;  ///< of its times
};

Cue read_times(std::string_view line, std::size_t arrow, const EventSource& source,
               std::size_t number) {
  const std::string_view onset = trimmed(line.substr(0, arrow));
  std::string_view rest = trimmed(line.substr(arrow + kArrow.size()));
  const std::string_view offset = take_field(rest, ' ');  // a position may follow
  return {require_time(parse_clock(onset), onset, source, number),
          require_time(parse_clock(offset), offset, source, number),
          {},
          number};
}

std::vector<EventRow> read(const std::string& text, const EventSource& source) {
  std::vector<EventRow> rows;
  std::optional<Cue> cue;
  const auto finish = [&] {
    if (cue) rows.push_back(make_row(source, cue->label, cue->onset_s, cue->offset_s, cue->line));
    cue.reset();
  };
  visit_lines(text, source, [&](const std::string& line, std::size_t number) {
    const std::string_view words = trimmed(line);
    const std::size_t arrow = words.find(kArrow);
    if (words.empty()) {
      finish();
    } else if (cue) {
      cue->label += (cue->label.empty() ? "" : "\n") + line;
    } else if (arrow != words.npos) {
      cue = read_times(words, arrow, source, number);
    } else if (!parse<std::size_t>(words)) {
      refuse_line(source, number, "neither the number nor the times of a subtitle");
    }
  });
  finish();
  return rows;
}

}  // namespace

extern const EventFormat kFormat;
const EventFormat kFormat = {.name = "srt",
                             .title = "an SRT file",
                             .ending = "srt",
                             .owns_ending = true,
                             .holds_many = false,
                             .recognises_empty = true,
                             .header = "",
                             .write = write,
                             .recognises = recognises,
                             .read = read};

}  // namespace claptools::srt
