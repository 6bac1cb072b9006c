#pragma once

#include "claptools/core/error.hpp"

namespace claptools::cmd {

/// The exception in hand as an Error: what the machine or a library could not do is told apart from
/// our own bugs (70). Called in a catch block.
Error current_failure();

}  // namespace claptools::cmd
