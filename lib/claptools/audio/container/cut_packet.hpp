#pragma once

#include <string_view>

struct AVPacket;

namespace claptools {

/// Whether a packet is shorter than it says. A short last one is not a fault where the samples are
/// in plain sight: inspect_container has seen how many there are.
/// @param codec an AVCodecID. @param demuxer libav's name of the container.
bool is_cut(const AVPacket& packet, int codec, std::string_view demuxer);

}  // namespace claptools
