#pragma once

#include "claptools/families/architecture.hpp"
#include "claptools/families/laion_clap/config.hpp"

namespace claptools::laion_clap {

/// The configuration of an architecture of this family.
/// @throws Error{internal} if it is of another.
const Config& config_of(const Architecture& architecture);

}  // namespace claptools::laion_clap
