#include "claptools/formats/times.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

/// At least so many digits.
std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

/// The number that three decimals read back as, whatever was added up.
double in_ms(double seconds) { return std::round(seconds * 1000) / 1000; }

}  // namespace

std::int64_t to_ms(double seconds) { return std::llround(seconds * 1000); }

std::string seconds_text(std::int64_t ms) {
  return std::to_string(ms / 1000) + '.' + padded(ms % 1000, 3);
}

std::string clock_text(std::int64_t ms, char point) {
  return padded(ms / 3'600'000, 2) + ':' + padded(ms / 60'000 % 60, 2) + ':' +
         padded(ms / 1000 % 60, 2) + point + padded(ms % 1000, 3);
}

std::optional<double> parse_clock(std::string_view text) {
  double total = 0;
  for (int parts = 0; parts < 3; ++parts) {
    const std::size_t colon = text.find(':');
    std::string part(text.substr(0, colon));
    std::ranges::replace(part, ',', '.');
    const bool is_last = colon == text.npos;
    const bool is_plain =
        part.find_first_not_of(is_last ? "0123456789." : "0123456789") == part.npos;
    const auto value = is_plain ? parse<double>(part) : std::nullopt;
    if (!value || !std::isfinite(*value)) return std::nullopt;
    total = total * 60 + *value;
    if (is_last)
      return part.size() - std::min(part.find('.'), part.size()) > 4 ? total : in_ms(total);
    text.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

std::vector<TimedLabel> timed_labels(const LabelledRecording& recording) {
  std::vector<TimedLabel> labels;
  labels.reserve(recording.events.size());
  for (const Event& event : recording.events) {
    const std::int64_t onset = to_ms(event.onset_s);
    labels.push_back({event.label, onset, std::max(to_ms(event.offset_s), onset + 1), event.score});
  }
  return labels;
}

std::vector<LabelTier> label_tiers(const LabelledRecording& recording) {
  std::vector<LabelTier> tiers;
  for (const TimedLabel& event : timed_labels(recording)) {
    const auto fits = [&](const LabelTier& tier) {
      return tier.label == event.label && tier.events.back().offset_ms <= event.onset_ms;
    };
    auto tier = std::ranges::find_if(tiers, fits);
    if (tier == tiers.end()) tier = tiers.insert(tier, {event.label, {}});
    tier->events.push_back(event);
  }
  return tiers;
}

}  // namespace claptools
