#pragma once

#include "claptools/core/error.hpp"
#include "engine/tiny_files.hpp"

namespace claptools::testing {

/// Whether a model can be loaded to a GPU. Any error but that there is none is one of the test.
inline bool has_cuda() {
  try {
    load(tiny_files(), "cuda");
    return true;
  } catch (const Error& error) {
    if (error.fault() == Fault::unavailable) return false;
    throw;
  }
}

}  // namespace claptools::testing
