#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// Where in its recording each phrase is heard. A file named "-" is standard input.
struct GroundingTask {
  std::string scores = {};         ///< score file [item, frame]
  std::string truth = {};          ///< table: filename, onset, offset, event_label, audio_id
  std::string durations = {};      ///< table: audio_id, duration
  std::size_t median_window = 3;   ///< of a filter over the decisions, frames
  double max_gap_s = 0.5;          ///< join events so close
  bool merge_overlapping = false;  ///< make one event of those that meet; else those that overlap
                                   ///< are refused
  EvaluationOptions options = {};
};

/// The last value is kMissing.
/// @throws Error{no_input}, {data} naming the file and the item.
Evaluation evaluate(const GroundingTask& task);

/// The metrics that evaluate() may give, without their parts (MetricSelection).
std::vector<std::string> metric_names(const GroundingTask& task);

}  // namespace claptools
