#pragma once

#include <string>

#include "claptools/dataset/batch_plan.hpp"
#include "claptools/dataset/training_set.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// "NAME=VALUE" lines of what shapes a run: the options that were given, the data, the batches of
/// an epoch. A run is resumed with the same ones.
std::string describe_run(const CLI::App& app, const TrainingSet& set, const BatchPlan& plan);

/// @param saved, given as describe_run gives them.
/// @throws Error{data} naming the option that differs, or saying that the data do.
void require_same_run(const std::string& saved, const std::string& given,
                      const std::string& subject);

}  // namespace claptools::cmd
