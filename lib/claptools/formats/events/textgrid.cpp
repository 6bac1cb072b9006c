// TextGrids of Praat, written in the long text form: one interval tier per label, whose gaps are
// intervals without text. Source: Praat manual, "TextGrid file formats".
#include <algorithm>
#include <cctype>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/formats/events/event_lines.hpp"
#include "claptools/formats/table_format.hpp"
#include "claptools/formats/times.hpp"

namespace claptools::textgrid {
namespace {

/// A string in quotes, with doubled quotes inside.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : escape_all_but_breaks(text)) result.append(c == '"' ? 2 : 1, c);
  return result += '"';
}

/// The events and what is between them, up to `end_ms`.
std::vector<TimedLabel> with_gaps(const std::vector<TimedLabel>& events, std::int64_t end_ms) {
  std::vector<TimedLabel> intervals;
  std::int64_t at = 0;
  for (const TimedLabel& event : events) {
    if (event.onset_ms > at) intervals.push_back({"", at, event.onset_ms});
    intervals.push_back(event);
    at = event.offset_ms;
  }
  if (at < end_ms) intervals.push_back({"", at, end_ms});
  return intervals;
}

std::string tier_text(std::size_t number, const LabelTier& tier, std::int64_t end_ms) {
  const auto intervals = with_gaps(tier.events, end_ms);
  const std::string end = seconds_text(end_ms);
  std::string text = "    item [" + std::to_string(number) +
                     "]:\n        class = \"IntervalTier\" \n        name = " + quoted(tier.label) +
                     " \n        xmin = 0 \n        xmax = " + end +
                     " \n        intervals: size = " + std::to_string(intervals.size()) + " \n";
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    text += "        intervals [" + std::to_string(i + 1) +
            "]:\n            xmin = " + seconds_text(intervals[i].onset_ms) +
            " \n            xmax = " + seconds_text(intervals[i].offset_ms) +
            " \n            text = " + quoted(intervals[i].label) + " \n";
  }
  return text;
}

std::string write(const LabelledRecording& recording, const FilePosition&) {
  std::vector<LabelTier> tiers = label_tiers(recording);
  std::int64_t end_ms = std::max<std::int64_t>(to_ms(recording.duration_s), 1);
  for (const LabelTier& tier : tiers) end_ms = std::max(end_ms, tier.events.back().offset_ms);
  if (tiers.empty()) tiers.push_back({"events", {}});  // Praat wants a tier
  std::string text =
      "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0 \nxmax = " +
      seconds_text(end_ms) + " \ntiers? <exists> \nsize = " + std::to_string(tiers.size()) +
      " \nitem []: \n";
  for (std::size_t i = 0; i < tiers.size(); ++i) text += tier_text(i + 1, tiers[i], end_ms);
  return text;
}

bool recognises(std::string_view text) {
  std::string_view rest;
  const auto line = first_line(text, &rest);
  return line.starts_with("File type = \"ooTextFile") &&
         first_line(rest).find("\"TextGrid\"") != std::string_view::npos;
}

/// What Praat reads of a text file, in the long form and the short one: strings in quotes, and
/// numbers and <flags> that stand free. The rest is for people.
class Values {
 public:
  Values(std::string_view text, const EventSource& source) : text_(text), source_(source) {}

  std::size_t line() const { return line_; }

  std::string string() {
    skip('"');
    std::string value;
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) refuse("a text in quotes is not closed");
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] == '"' && (++at_ >= text_.size() || text_[at_] != '"')) return value;
      value += text_[at_];
    }
  }

  std::string_view flag() {
    skip('<');
    return word();
  }

  double number() {
    skip('0');
    return read_seconds(word(), source_, line_);
  }

  std::size_t count() {
    skip('0');
    const auto word_ = word();
    const auto value = parse<std::size_t>(word_);
    if (!value) refuse("'" + shorten(word_) + "' is not a count");
    return *value;
  }

  [[noreturn]] void refuse(const std::string& reason) const { refuse_line(source_, line_, reason); }

 private:
  static bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

  /// To the next value; `kind` is the first of its characters, 0 for a digit or a minus.
  void skip(char kind) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const char found = c == '"' || c == '<' ? c : (c >= '0' && c <= '9') || c == '-' ? '0' : ' ';
      if (found != ' ') {
        if (found != kind)
          refuse(kind == '"' ? "a text in quotes is missing" : "a number is missing");
        return;
      }
      if (c == '!') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      if (is_space(c)) {
        step();
      } else {
        word();  // a value must begin after white space
      }
    }
    refuse("the file ends too early");
  }

  void step() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_space(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::string_view text_;
  const EventSource& source_;
  std::size_t at_ = 0, line_ = 1;
};

/// A point has no length.
void read_tier(Values& values, const EventSource& source, std::vector<EventRow>& rows) {
  const std::string kind = values.string();
  if (kind != "IntervalTier" && kind != "TextTier")
    values.refuse("'" + shorten(kind) + "' is not a kind of tier");
  const bool is_interval = kind == "IntervalTier";
  values.string();  // its name
  values.number();
  values.number();
  for (std::size_t left = values.count(); left > 0; --left) {
    const double onset_s = values.number();
    const std::size_t line = values.line();
    const double offset_s = is_interval ? values.number() : onset_s;
    std::string label = values.string();
    if (trimmed(label).empty()) continue;
    rows.push_back(make_row(source, std::move(label), onset_s, offset_s, line));
  }
}

std::vector<EventRow> read(const std::string& text, const EventSource& source) {
  check_text(text, source.subject);
  std::vector<EventRow> rows;
  Values values(text, source);
  values.string();  // ooTextFile
  values.string();  // TextGrid
  values.number();
  values.number();
  if (values.flag() != "<exists>") return rows;
  for (std::size_t left = values.count(); left > 0; --left) read_tier(values, source, rows);
  return rows;
}

}  // namespace

extern const EventFormat kFormat;
const EventFormat kFormat = {.name = "textgrid",
                             .title = "a TextGrid",
                             .ending = "TextGrid",
                             .owns_ending = true,
                             .holds_many = false,
                             .recognises_empty = false,
                             .header = "",
                             .write = write,
                             .recognises = recognises,
                             .read = read};

}  // namespace claptools::textgrid
