#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// An example near a row.
struct Neighbour {
  std::size_t index = 0;
  float cosine = 0;
};

/// The examples most similar to a row, best first; of equal ones the first.
/// @param cosines [examples] of the row with each. @param left_out of these examples, such as the
/// row itself: `groups` of the example equals it. @param groups [examples], or none.
std::vector<Neighbour> nearest(std::span<const float> cosines, std::size_t count,
                               std::span<const std::size_t> groups = {},
                               std::optional<std::size_t> left_out = {});

/// Shares of the classes among the neighbours, each weighted by 1 / (1 - cosine); where some are
/// equal to the row, only these count. Of one class each, shares add up to 1.
/// This is scikit-learn's KNeighborsClassifier(weights="distance", metric="cosine").
/// @param classes [examples]. @return [class_count].
std::vector<float> vote(std::span<const Neighbour> neighbours,
                        std::span<const std::vector<std::uint32_t>> classes,
                        std::size_t class_count);

}  // namespace claptools
