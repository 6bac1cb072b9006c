#pragma once

#include "mgaclap/core/error.hpp"

namespace mgaclap::cmd {

/// The exception in hand as an Error: what the machine or a library could not do is told apart from
/// our own bugs (70). Called in a catch block.
Error current_failure();

}  // namespace mgaclap::cmd
