#pragma once

#include <memory>

#include "claptools/families/architecture.hpp"
#include "claptools/families/mga_clap/config.hpp"

namespace claptools::mga_clap {

/// @param config one that check_config() accepts.
std::shared_ptr<const Architecture> make_architecture(const ModelConfig& config);

/// The configuration of an architecture of this family.
/// @throws Error{data} naming the model if it is of another.
const ModelConfig& config_of(const Architecture& architecture);

}  // namespace claptools::mga_clap
