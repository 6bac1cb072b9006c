#include "claptools/audio/mix_channels.hpp"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/samplefmt.h>
}

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace claptools {
namespace {

float to_float(std::uint8_t x) { return static_cast<float>(x - 128) * 0x1p-7F; }
float to_float(std::int16_t x) { return static_cast<float>(x) * 0x1p-15F; }
float to_float(std::int32_t x) { return static_cast<float>(x) * 0x1p-31F; }
float to_float(std::int64_t x) { return static_cast<float>(x) * 0x1p-63F; }
float to_float(float x) { return x; }
float to_float(double x) { return static_cast<float>(x); }

template <typename Sample>
void average_channels(const AVFrame& frame, std::span<float> mono) {
  const int channels = frame.ch_layout.nb_channels;
  const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format)) != 0;
  const std::size_t stride = planar ? 1 : static_cast<std::size_t>(channels);
  std::ranges::fill(mono, 0.0F);
  for (int channel = 0; channel < channels; ++channel) {
    const auto* samples =
        reinterpret_cast<const Sample*>(frame.extended_data[planar ? channel : 0]);
    if (!planar) samples += channel;
    for (std::size_t i = 0; i < mono.size(); ++i) mono[i] += to_float(samples[i * stride]);
  }
  if (channels == 1) return;
  for (float& sample : mono) sample /= static_cast<float>(channels);
}

}  // namespace

bool average_channels_of(const AVFrame& frame, std::span<float> mono) {
  switch (av_get_packed_sample_fmt(static_cast<AVSampleFormat>(frame.format))) {
    case AV_SAMPLE_FMT_U8:
      average_channels<std::uint8_t>(frame, mono);
      return true;
    case AV_SAMPLE_FMT_S16:
      average_channels<std::int16_t>(frame, mono);
      return true;
    case AV_SAMPLE_FMT_S32:
      average_channels<std::int32_t>(frame, mono);
      return true;
    case AV_SAMPLE_FMT_S64:
      average_channels<std::int64_t>(frame, mono);
      return true;
    case AV_SAMPLE_FMT_FLT:
      average_channels<float>(frame, mono);
      return true;
    case AV_SAMPLE_FMT_DBL:
      average_channels<double>(frame, mono);
      return true;
    default:
      return false;
  }
}

}  // namespace claptools
