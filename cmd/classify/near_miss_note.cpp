#include "cmd/classify/near_miss_note.hpp"

#include <fmt/format.h>

#include "claptools/core/strings/number.hpp"

namespace claptools::cmd {
namespace {

/// Two decimals, or as many as the number has.
std::string threshold_text(double threshold) {
  const std::string rounded = fmt::format("{:.2f}", threshold);
  return parse<double>(rounded) == threshold ? rounded : number_text(threshold);
}

/// Two decimals, or as many as tell it from the threshold that it does not exceed.
std::string score_text(const NearMiss::Score& highest) {
  std::string text;
  for (int decimals = 2; decimals <= 6; ++decimals) {
    text = fmt::format("{:.{}f}", highest.score, decimals);
    if (parse<double>(text).value_or(0) < highest.threshold) break;
  }
  return text;
}

}  // namespace

void note_near_miss(const NearMiss& miss, const char* what, const Messages& messages) {
  const auto highest = miss.highest();
  if (!highest || messages.quiet) return;
  const bool is_frame = highest->time_s.has_value();
  messages.note(fmt::format("0 {} above {}; the highest {} was {} ({}, {}{})", what,
                            threshold_text(highest->threshold), is_frame ? "frame" : "score",
                            score_text(*highest), highest->label, highest->id,
                            is_frame ? fmt::format(" at {:.1f} s", *highest->time_s) : ""));
}

}  // namespace claptools::cmd
