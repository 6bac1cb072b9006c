#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace claptools {

/// Bytes that a frame of MPEG audio, layer I, II or III, takes by its own header; 0 for a free bit
/// rate and for other bytes. libav decodes a frame whose end is missing silently: comparing sizes
/// is how a cut is seen. Source: ISO/IEC 11172-3, 2.4.1.3 and 2.4.3.1; ISO/IEC 13818-3 for the
/// lower sample rates.
std::size_t mpeg_frame_size(std::span<const std::uint8_t> frame);

}  // namespace claptools
