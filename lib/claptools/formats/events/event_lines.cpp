#include "claptools/formats/events/event_lines.hpp"

#include <sstream>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

constexpr double kMaxSeconds = 1e9;  // thirty years; its milliseconds are exact

}  // namespace

void refuse_line(const EventSource& source, std::size_t line, const std::string& reason) {
  throw Error(Fault::data, source.subject, "line " + std::to_string(line) + ": " + reason);
}

double require_time(std::optional<double> seconds, std::string_view word, const EventSource& source,
                    std::size_t line) {
  if (!seconds || !(*seconds >= 0 && *seconds <= kMaxSeconds))
    refuse_line(source, line, "'" + shorten(word) + "' is not a time");
  return *seconds;
}

double read_seconds(std::string_view word, const EventSource& source, std::size_t line) {
  return require_time(parse<double>(trimmed(word)), word, source, line);
}

EventRow make_row(const EventSource& source, std::string label, double onset_s, double offset_s,
                  std::size_t line) {
  if (trimmed(label).empty()) refuse_line(source, line, "an event without a label");
  if (offset_s < onset_s) refuse_line(source, line, "an event that ends before it begins");
  return {source.recording, std::move(label), onset_s, offset_s, line};
}

void visit_lines(const std::string& text, const EventSource& source,
                 const std::function<void(std::string& line, std::size_t number)>& visit) {
  std::istringstream in(text);
  LineReader lines(in, source.subject);
  for (std::string line; lines.next_text(line);) visit(line, lines.number());
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view take_field(std::string_view& text, char delimiter) {
  const std::size_t end = text.find(delimiter);
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return field;
}

std::string_view first_line(std::string_view text, std::string_view* rest) {
  std::string_view line;
  while (!text.empty() && line.empty()) line = trimmed(take_field(text, '\n'));
  if (rest != nullptr) *rest = text;
  return line;
}

}  // namespace claptools
