#pragma once

#include <string>
#include <vector>

#include "cmd/eval/eval_options.hpp"

namespace claptools::cmd {

/// The metrics of detection by name, without their parts (MetricSelection).
/// @throws Error{usage} for a --psds whose name is taken.
std::vector<std::string> detection_metrics(const EvalOptions& options);

/// @throws Error{usage} naming `option` and the metrics there are, if `name` is none of them, no
/// part of one and nothing that one is a part of.
void require_known(const std::string& name, const std::string& option,
                   const std::vector<std::string>& known);

}  // namespace claptools::cmd
