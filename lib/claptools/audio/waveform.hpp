#pragma once

#include <vector>

namespace claptools {

/// Mono audio.
struct Waveform {
  std::vector<float> samples;  ///< [-1, 1] for integer sources
  int sample_rate = 0;         ///< Hz
};

}  // namespace claptools
