#pragma once

#include "claptools/families/architecture.hpp"
#include "claptools/families/wavcaps/config.hpp"

namespace claptools::wavcaps {

/// @throws Error{internal} if it is of another family.
const Config& config_of(const Architecture& architecture);

}  // namespace claptools::wavcaps
