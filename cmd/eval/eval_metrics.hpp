#pragma once

#include <string>
#include <vector>

#include "cmd/eval/eval_options.hpp"

namespace claptools::cmd {

// The metrics of the subcommands of clap-eval by name, without their parts (MetricSelection).

std::vector<std::string> classification_metrics(const EvalOptions& options);
std::vector<std::string> tagging_metrics(const EvalOptions& options);
std::vector<std::string> retrieval_metrics(const EvalOptions& options);
/// @throws Error{usage} for a --psds whose name is taken.
std::vector<std::string> detection_metrics(const EvalOptions& options);
std::vector<std::string> grounding_metrics(const EvalOptions& options);

/// @throws Error{usage} naming `option` and the metrics there are, if `name` is none of them, no
/// part of one and nothing that one is a part of.
void require_known(const std::string& name, const std::string& option,
                   const std::vector<std::string>& known);

}  // namespace claptools::cmd
