#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "archive/tar_files.hpp"
#include "audio/audio_files.hpp"
#include "claptools/dataset/manifest.hpp"
#include "support/temp_dir.hpp"

namespace claptools::testing {

/// A float WAV at 1 kHz.
inline std::string wav_at_1khz(const std::vector<float>& samples) {
  return wav({3, 1, 1000, 32}, float_bytes(samples));
}

/// Samples that tell their clip and their place in it: 100 * clip + i / 1000.
inline std::vector<float> telling_samples(std::size_t clip, std::size_t size) {
  std::vector<float> samples(size);
  for (std::size_t i = 0; i < size; ++i)
    samples[i] = static_cast<float>(100 * clip) + static_cast<float>(i) * 1e-3F;
  return samples;
}

}  // namespace claptools::testing
