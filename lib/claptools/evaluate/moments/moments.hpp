#pragma once

#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"
#include "claptools/evaluate/moments/moments_file.hpp"

namespace claptools {

/// Moments of recordings that texts describe, against those that were predicted. A file named "-"
/// is standard input.
struct MomentsTask {
  /// JSON Lines (read_moments), or a table of events (.tsv, .csv): filename, onset, offset,
  /// event_label, score. Events are predictions for the queries whose `vid` is the file and whose
  /// `query` is the label, the highest score first.
  std::string predictions = {};
  std::string truth = {};  ///< JSON Lines; queries without moments are left out
  EvaluationOptions options = {};
};

/// The last value is kMissing: queries without a line of predictions, which only JSON Lines may
/// lack. Evaluation::predictions has all others, with `qid`, `query` and `vid` of the truth.
/// @throws Error{no_input}, {io}; {data} naming the file and the query.
Evaluation evaluate(const MomentsTask& task);

/// The metrics that evaluate() may give, without their parts (MetricSelection).
std::vector<std::string> metric_names(const MomentsTask& task);

}  // namespace claptools
