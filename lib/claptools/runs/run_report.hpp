#pragma once

#include <string>
#include <unordered_set>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/runs/part_file.hpp"

namespace claptools {

/// What a run came to.
struct RunTotals {
  std::size_t inputs = 0, failed = 0;
  double audio_s = 0;        ///< embedded, by earlier runs that were resumed as well
  double fresh_audio_s = 0;  ///< of these, by this run
  double wall_s = 0;         ///< of this run
};

/// A report on a run is JSON Lines, an object for each input in their order: `id` (`id_hex` as
/// well, if it is not UTF-8), `status` "ok" or "failed", `stage` and `reason` of a failure,
/// `warning`, `audio_s`, `wall_s`.
/// @param failure null if it was embedded. @return the line with its line break.
std::string report_line(const PartInput& input, const InputError* failure);

/// The last object of the report on a run that has ended: `status` "summary", `inputs`, `failed`,
/// `audio_s`, `wall_s` and `x_real_time`. @return the line with its line break.
std::string summary_line(const RunTotals& totals);

/// The inputs that failed according to a report, by their ids.
/// @throws Error{no_input}, {io}, {data} naming the line that is not of a report.
std::unordered_set<std::string> read_failed(const std::string& report);

/// Whether an input is one of those: by its own id, or as a member of a tar shard that could not be
/// listed, which failed as a whole by its own name.
bool has_failed(const AudioInput& input, const std::unordered_set<std::string>& failed);

}  // namespace claptools
