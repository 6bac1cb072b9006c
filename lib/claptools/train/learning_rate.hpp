#pragma once

#include <cstdint>

namespace claptools {

/// Linear warm-up, then half a cosine down to 0, step by step.
/// Source: docs/reference/pipeline.md, step 23.
struct LearningRate {
  double base = 5e-5;
  std::uint64_t warmup_steps = 0;
  std::uint64_t steps = 0;  ///< of the whole run, warm-up included

  /// The rate to set before update number `step`, counted from 0; 0 after the last one.
  double at(std::uint64_t step) const;
};

}  // namespace claptools
