#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/dataset/manifest.hpp"
#include "claptools/engine/model.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/tasks/labels.hpp"

namespace claptools {

/// What a model is evaluated on after each epoch.
struct ValidationSet {
  std::vector<ManifestItem> items;
  std::optional<Labels> labels;       ///< of a zero-shot classification of the items' labels
  std::vector<std::string> patterns;  ///< of the labels' prompts
};

/// Names of the totals that validate() gives, before anything is trained.
/// @throws Error{data} for an item whose label is not one of the set's; {usage} as Labels::prompts.
std::vector<std::string> validation_metrics(const ValidationSet& set);

/// Retrieval both ways between the recordings and their captions ("t2a.r1" ...) and, with labels,
/// zero-shot accuracy ("top1", "mean_class_accuracy"). Of each recording the first window counts,
/// zeros after it (the official protocols). One that cannot be read is reported and left out.
/// @throws Error{data} for an item whose label is not one of the set's, or if no recording can be
/// read.
MetricValues validate(const Model& model, const ValidationSet& set, int threads, const Log& log);

}  // namespace claptools
