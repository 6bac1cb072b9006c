#include "claptools/train/learning_rate.hpp"

#include <cmath>
#include <numbers>

namespace claptools {

double LearningRate::at(std::uint64_t step) const {
  if (step < warmup_steps) {
    return base * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  }
  if (step >= steps) return 0;
  const double progress =
      static_cast<double>(step - warmup_steps) / static_cast<double>(steps - warmup_steps);
  return 0.5 * (1 + std::cos(std::numbers::pi * progress)) * base;
}

}  // namespace claptools
