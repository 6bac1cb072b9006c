#pragma once

#include <cstddef>
#include <optional>
#include <regex>
#include <span>
#include <string_view>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"

namespace claptools {

/// How the weights whose names match are generated ("mga-synth-1"; docs/reference/pipeline.md,
/// "Generated weights"): value = offset + scale * x, where `fan` first turns the scale (a gain)
/// into gain * sqrt(3 / fan_in).
struct SyntheticRule {
  std::regex pattern;
  double offset = 0, scale = 0;
  bool fan = false;
};

/// A float32 weight by the first rule that matches its name; nothing if none does.
/// @param salt what keeps two models apart.
std::optional<std::vector<std::byte>> synthetic_weight(const Parameter& parameter,
                                                       std::span<const SyntheticRule> rules,
                                                       std::string_view salt);

}  // namespace claptools
