#include "claptools/audio/container/mpeg_frame.hpp"

#include <array>

namespace claptools {
namespace {

using Rates = std::array<std::size_t, 16>;  // kbit/s; 0 = free or not allowed

/// @param layer 1 to 3. @param is_mpeg1 not one of the lower sample rates.
const Rates& bit_rates(int layer, bool is_mpeg1) {
  static constexpr std::array<Rates, 3> kMpeg1{
      {{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0},
       {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0},
       {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}}};
  static constexpr Rates kLower1{0,   32,  48,  56,  64,  80,  96,  112,
                                 128, 144, 160, 176, 192, 224, 256, 0};
  static constexpr Rates kLower{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0};
  if (is_mpeg1) return kMpeg1[static_cast<std::size_t>(layer - 1)];
  return layer == 1 ? kLower1 : kLower;
}

}  // namespace

std::size_t mpeg_frame_size(std::span<const std::uint8_t> frame) {
  constexpr std::array<std::size_t, 4> kSampleRates{44100, 48000, 32000, 0};
  if (frame.size() < 4 || frame[0] != 0xFF || (frame[1] & 0xE0) != 0xE0) return 0;
  const int version = frame[1] >> 3 & 3;  // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const int layer = 4 - (frame[1] >> 1 & 3);
  if (version == 1 || layer == 4) return 0;
  const std::size_t divisor = version == 3 ? 1 : version == 2 ? 2 : 4;
  const std::size_t sample_rate = kSampleRates[frame[2] >> 2 & 3] / divisor;
  const std::size_t bit_rate = 1000 * bit_rates(layer, version == 3)[frame[2] >> 4];
  if (bit_rate == 0 || sample_rate == 0) return 0;
  const std::size_t padding = frame[2] >> 1 & 1;
  if (layer == 1) return (12 * bit_rate / sample_rate + padding) * 4;
  return (layer == 3 && version != 3 ? 72 : 144) * bit_rate / sample_rate + padding;
}

}  // namespace claptools
