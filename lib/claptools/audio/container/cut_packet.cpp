#include "claptools/audio/container/cut_packet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "claptools/audio/container/mpeg_frame.hpp"

namespace claptools {

bool is_cut(const AVPacket& packet, int codec, std::string_view demuxer) {
  const std::span<const std::uint8_t> bytes(packet.data, static_cast<std::size_t>(packet.size));
  switch (codec) {
    case AV_CODEC_ID_MP1:
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
      return bytes.size() < mpeg_frame_size(bytes);
    default:
      break;
  }
  constexpr std::array<std::string_view, 5> kPlain{"wav", "w64", "aiff", "au", "caf"};
  const bool is_plain = av_get_exact_bits_per_sample(static_cast<AVCodecID>(codec)) > 0 &&
                        std::ranges::find(kPlain, demuxer) != kPlain.end();
  return (packet.flags & AV_PKT_FLAG_CORRUPT) != 0 && !is_plain;
}

}  // namespace claptools
