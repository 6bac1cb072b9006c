// Internal to the room: times as the formats spell them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/formats/event_format.hpp"

namespace claptools {

/// The nearest whole number of milliseconds.
std::int64_t to_ms(double seconds);

/// "12.345".
std::string seconds_text(std::int64_t ms);

/// Hours of two or more digits, minutes, seconds: "00:00:12,345". @param point before the last
/// three digits.
std::string clock_text(std::int64_t ms, char point);

/// Reads seconds, minutes:seconds or hours:minutes:seconds, with a decimal point or comma.
/// @return nothing if it is not such a time.
std::optional<double> parse_clock(std::string_view text);

/// An event in whole milliseconds.
struct TimedLabel {
  std::string_view label;
  std::int64_t onset_ms = 0;
  std::int64_t offset_ms = 0;  ///< after onset_ms
  float score = 0;
};

/// The events of a recording, which must outlive the result, in their order.
std::vector<TimedLabel> timed_labels(const LabelledRecording& recording);

/// Events in rows of a table, or tiers of a score, that cannot hold two at a time.
struct LabelTier {
  std::string_view label;
  std::vector<TimedLabel> events;  ///< ascending, apart or touching
};

/// One tier per label, in the order in which labels first occur; events of one label that overlap
/// come into further tiers of that label.
std::vector<LabelTier> label_tiers(const LabelledRecording& recording);

}  // namespace claptools
