#pragma once

#include "claptools/families/architecture.hpp"
#include "claptools/families/ms_clap/config.hpp"

namespace claptools::ms_clap {

/// @throws Error{internal} if it is of another family.
const Config& config_of(const Architecture& architecture);

}  // namespace claptools::ms_clap
