#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "audio/audio_files.hpp"
#include "support/temp_dir.hpp"

namespace claptools::testing {

/// A float WAV at 1 kHz whose sample i is i / 1000: its value is its time.
inline std::string ramp_wav(std::size_t samples,
                            std::size_t loud_at = static_cast<std::size_t>(-1)) {
  std::vector<float> values(samples);
  for (std::size_t i = 0; i < samples; ++i)
    values[i] = i == loud_at ? 5000.0f : static_cast<float>(i) * 1e-3f;
  return wav({3, 1, 1000, 32}, float_bytes(values));
}

}  // namespace claptools::testing
