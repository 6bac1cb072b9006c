#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace claptools {

/// The bytes of a WAV file.
/// @param mono 16-bit samples, fewer than 2^30. @param sample_rate Hz.
std::string wav_bytes(std::span<const std::int16_t> mono, int sample_rate);

}  // namespace claptools
