#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "cmd/eval/eval_options.hpp"
#include "cmd/eval/metric_report.hpp"

namespace claptools::cmd {

// The subcommands of clap-eval: each reads its files and computes its metrics, with pictures if
// wants_plots. Errors name the file and the item.

Evaluation evaluate_classification(const EvalOptions& options);
/// The same metrics, mean_class_accuracy first.
Evaluation evaluate_scenes(const EvalOptions& options);
Evaluation evaluate_tagging(const EvalOptions& options);
Evaluation evaluate_retrieval(const EvalOptions& options);
/// From frame scores or from lists of events.
Evaluation evaluate_detection(const EvalOptions& options);
Evaluation evaluate_grounding(const EvalOptions& options);

/// Runs `work`; an Error of its own subject then begins with the file concerned.
template <typename Work>
auto about(const std::string& file, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.subject() == file) throw;
    throw Error(error.fault(), file, error.what());
  }
}

/// How names are joined, as the options say. @param failed inputs without scores.
MatchOptions match_options(const EvalOptions& options, std::vector<std::string> failed);

/// Some rows of a matrix, in the order given.
Matrix rows_of(MatrixView all, std::span<const std::size_t> rows);

/// Model, prompts and maker of a score file, where it tells.
Provenance origin_of(const ScoreOrigin& origin, std::span<const std::string> classes);

/// Adds NAME.ci_low and NAME.ci_high of the values, unless no intervals are asked for.
/// @param score the metrics of clips drawn from `clips`; a resample that it refuses is left out.
void add_intervals(MetricValues& values, std::size_t clips,
                   const std::function<MetricValues(std::span<const std::size_t>)>& score,
                   const EvalOptions& options);

}  // namespace claptools::cmd
