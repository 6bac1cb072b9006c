// Internal to the room: what the readers of formats have in common.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "claptools/formats/event_format.hpp"

namespace claptools {

/// @throws Error{data}: "FILE: line N: reason".
[[noreturn]] void refuse_line(const EventSource& source, std::size_t line,
                              const std::string& reason);

/// A time of an event, or a length. @param seconds what was read, if anything could be.
/// @param word what the text says, for the message. @throws Error{data} unless it is 0 to 1e9.
double require_time(std::optional<double> seconds, std::string_view word, const EventSource& source,
                    std::size_t line);

/// A plain number of seconds. @throws as require_time.
double read_seconds(std::string_view word, const EventSource& source, std::size_t line);

/// @throws Error{data} for an event that ends before it begins, or without a label.
EventRow make_row(const EventSource& source, std::string label, double onset_s, double offset_s,
                  std::size_t line);

/// Calls visit(line, number) for each line of a text, without its end.
/// @throws Error{data} for what is not UTF-8.
void visit_lines(const std::string& text, const EventSource& source,
                 const std::function<void(std::string& line, std::size_t number)>& visit);

/// The first line that has more than white space, without it at both ends, and the text after it.
std::string_view first_line(std::string_view text, std::string_view* rest = nullptr);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);

/// Takes what is before the next `delimiter`, or all, off a text.
std::string_view take_field(std::string_view& text, char delimiter);

}  // namespace claptools
