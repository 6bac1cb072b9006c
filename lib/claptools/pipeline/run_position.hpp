#pragma once

#include <cstddef>

namespace claptools {

/// A position between two inputs of a run.
struct RunPosition {
  std::size_t inputs = 0;   ///< before it
  std::size_t windows = 0;  ///< of them, since the last block ended (EmbedOptions::block)

  bool operator==(const RunPosition&) const = default;
};

}  // namespace claptools
