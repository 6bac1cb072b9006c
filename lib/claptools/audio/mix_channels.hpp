#pragma once

#include <span>

struct AVFrame;

namespace claptools {

/// The mean of a decoded block's channels, [-1, 1] for integer samples.
/// @param mono as many as the block has samples per channel.
/// @return false for a sample format that libav's decoders do not have.
bool average_channels_of(const AVFrame& frame, std::span<float> mono);

}  // namespace claptools
