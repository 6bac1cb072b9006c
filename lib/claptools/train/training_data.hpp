#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/dataset/training_set.hpp"
#include "claptools/train/validation.hpp"

namespace claptools {

/// All manifests joined.
/// @param blacklisted becomes how many clips options.blacklist removed.
/// @throws as read_manifest(); Error{no_input} if options.audio_root is not a folder or no
/// recording of a manifest exists; {data} if no entry of the blacklist matches.
TrainingSet read_training_set(std::span<const std::string> manifests, ManifestOptions options,
                              BlacklistCount& blacklisted, const Log& log);

struct ValidationSource {
  std::vector<std::string> manifests;
  std::string labels;                 ///< file of a zero-shot classification's labels; empty: none
  std::vector<std::string> patterns;  ///< of their prompts; empty: "{} can be heard"
  std::string best_metric;            ///< the one that tells the best model
};

/// Nothing without manifests. What would only fail after the first epoch is checked here.
/// @throws as read_manifest(), Labels::read() and validation_metrics(); Error{usage} naming
/// `best_metric` if it is none of the metrics.
std::optional<ValidationSet> read_validation_set(const ValidationSource& source,
                                                 const ManifestOptions& options, const Log& log);

}  // namespace claptools
