// Internal to the room: what a linear probe learns from and is asked about.
#pragma once

#include <string>
#include <vector>

#include "claptools/evaluate/probe/probe.hpp"
#include "claptools/learn/teaching_set.hpp"

namespace claptools {

/// What is to be learned and asked, recording by recording.
struct ProbeData {
  TeachingData all;
  std::vector<std::string> ids;
  std::vector<std::string> missing;
  ReportRows provenance;
};

/// Reads truth and embeddings and joins them; `recording_folds` is what `fold` or `split` says.
/// @throws Error{no_input}, {data} naming the file and the item.
ProbeData read_probe_data(const ProbeTask& task);

/// Some of the recordings, with their rows.
TeachingData part_of(const TeachingData& all, const std::vector<bool>& is_wanted);

}  // namespace claptools
