#include "cmd/classify/near_miss_note.hpp"

#include <fmt/format.h>

#include "claptools/metrics/lookup.hpp"

namespace claptools::cmd {

void note_near_miss(const NearMiss& miss, const char* what, const Messages& messages) {
  const auto highest = miss.highest();
  if (!highest || messages.quiet) return;
  messages.note(
      fmt::format("no {} above its threshold; the highest score is {:.6f} of {} in {}, "
                  "with a threshold of {}",
                  what, highest->score, quote_name(highest->label), quote_name(highest->id),
                  highest->threshold));
}

}  // namespace claptools::cmd
