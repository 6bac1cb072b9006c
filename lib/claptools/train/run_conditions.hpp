#pragma once

#include <span>
#include <string>
#include <utility>

#include "claptools/dataset/batch_plan.hpp"
#include "claptools/dataset/training_set.hpp"

namespace claptools {

/// What shapes a run, as lines "NAME=VALUE": the options that were given, the data, the batches of
/// an epoch. A run is resumed with the same ones (SavedRun::options).
/// @param options names, as the user knows them, and values; one with several values occurs often.
std::string describe_run(std::span<const std::pair<std::string, std::string>> options,
                         const TrainingSet& set, const BatchPlan& plan);

/// @param saved, given as describe_run() gives them.
/// @throws Error{data} naming the option that differs, or saying that the data do.
void require_same_run(const std::string& saved, const std::string& given,
                      const std::string& subject);

}  // namespace claptools
