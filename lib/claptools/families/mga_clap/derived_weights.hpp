#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "claptools/checkpoints/parameter.hpp"
#include "claptools/families/mga_clap/config.hpp"

namespace claptools {

/// The bytes of a state-dict entry that follows from the configuration, or nothing if it is a
/// weight.
std::optional<std::vector<std::byte>> official_buffer(const ModelConfig& config,
                                                      const Parameter& parameter);

}  // namespace claptools
