#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "claptools/audio/audio_reader.hpp"

namespace claptools::fuzz {

/// Decodes the first minutes of a recording at the model's rate.
/// @throws as AudioReader.
inline void decode(std::span<const std::uint8_t> bytes) {
  constexpr int kSampleRate = 32000;  // Hz
  constexpr int kBlocks = 120;        // of a second: a short file may hold hours of silence
  AudioReader reader(bytes, "input", kSampleRate);
  std::vector<float> block(kSampleRate);
  for (int i = 0; i < kBlocks && reader.read(block) > 0; ++i) continue;
}

}  // namespace claptools::fuzz
