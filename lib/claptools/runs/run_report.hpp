#pragma once

#include <string>
#include <unordered_set>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/runs/part_file.hpp"

namespace claptools {

/// A report on a run is JSON Lines, an object for each input in their order: `id` (`id_hex` as
/// well, if it is not UTF-8), `status` "ok" or "failed", `stage` and `reason` of a failure,
/// `warning`, `audio_s`, `wall_s`.
/// @param failure null if it was embedded. @return the line with its line break.
std::string report_line(const PartInput& input, const InputError* failure);

/// The inputs that failed according to a report, by their ids.
/// @throws Error{no_input}, {io}, {data} naming the line that is not of a report.
std::unordered_set<std::string> read_failed(const std::string& report);

/// Whether an input is one of those: by its own id, or as a member of a tar shard that could not be
/// listed, which failed as a whole by its own name.
bool has_failed(const AudioInput& input, const std::unordered_set<std::string>& failed);

}  // namespace claptools
