#pragma once

#include <optional>

#include "claptools/dataset/training_set.hpp"
#include "claptools/train/validation.hpp"
#include "cmd/train/train_options.hpp"

namespace claptools::cmd {

/// All manifests joined.
/// @param speaks whether to say how many entries of --blacklist matched: one process of a run does.
/// @throws as read_manifest; Error{no_input} if --audio-root is not a folder or no recording of a
/// manifest exists; {data} if no entry of the blacklist matches.
TrainingSet read_training_set(const TrainArguments& arguments, const Program& program, bool speaks);

/// Nothing without --valid. What would only fail after the first epoch is checked here.
/// @throws as read_manifest, Labels::read and validation_metrics; Error{usage} if --best is none of
/// the metrics.
std::optional<ValidationSet> read_validation_set(const TrainArguments& arguments, const Log& log);

}  // namespace claptools::cmd
