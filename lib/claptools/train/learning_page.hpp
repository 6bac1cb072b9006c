#pragma once

#include <string>
#include <utility>
#include <vector>

#include "claptools/train/training_log.hpp"

namespace claptools {

/// The learning curve as one SVG file: loss, learning rate and validation over the updates.
std::string learning_curve(const TrainingHistory& history);

/// The same on an HTML page of its own, with the metrics of the last epoch.
/// @param provenance key and value: model, data, options.
std::string learning_page(const TrainingHistory& history, const std::string& title,
                          std::vector<std::pair<std::string, std::string>> provenance);

}  // namespace claptools
