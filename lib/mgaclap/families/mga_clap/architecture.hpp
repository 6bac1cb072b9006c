#pragma once

#include <memory>

#include "mgaclap/families/architecture.hpp"
#include "mgaclap/families/mga_clap/config.hpp"

namespace mgaclap::mga_clap {

/// @param config one that check_config() accepts.
std::shared_ptr<const Architecture> make_architecture(const ModelConfig& config);

/// The configuration behind an architecture of this family.
/// @throws Error{data} naming the model if it is of another.
const ModelConfig& config_of(const Architecture& architecture);

}  // namespace mgaclap::mga_clap
