#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mgaclap/dataset/manifest.hpp"
#include "mgaclap/engine/model.hpp"
#include "mgaclap/metrics/metric_value.hpp"
#include "mgaclap/tasks/labels.hpp"

namespace mgaclap {

/// What a model is tried on after each epoch.
struct ValidationSet {
  std::vector<ManifestItem> items;
  std::optional<Labels> labels;       ///< of a zero-shot classification of the items' labels
  std::vector<std::string> patterns;  ///< of the labels' prompts
};

/// Retrieval both ways between the recordings and their captions ("t2a.r1" ...) and, with labels,
/// zero-shot accuracy ("top1", "mean_class_accuracy"). Of each recording the first window counts,
/// zeros after it (the official protocols).
/// @throws Error{data} for a label that is none of the set's, and as decode_clip.
MetricValues validate(const Model& model, const ValidationSet& set, int threads);

}  // namespace mgaclap
