#include "claptools/audio/container/block_times.hpp"

extern "C" {
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace claptools {
namespace {

/// The others have none, or count bytes.
bool has_times(const AVFormatContext& format) {
  constexpr std::array<std::string_view, 6> kTimed{"mov",  "matroska", "mpegts",
                                                   "mpeg", "flv",      "asf"};
  const std::string_view demuxer = format.iformat->name;
  return std::ranges::find(kTimed, demuxer.substr(0, demuxer.find(','))) != kTimed.end();
}

/// Where sound or pictures of another stream begin, s; `otherwise` if none begins before.
double earliest(const AVFormatContext& format, const AVStream& stream, double otherwise) {
  double zero = otherwise;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    const AVStream& other = *format.streams[i];
    const AVMediaType type = other.codecpar->codec_type;
    const bool runs = (type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_VIDEO) &&
                      (other.disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
    if (&other == &stream || !runs || other.start_time == AV_NOPTS_VALUE) continue;
    zero = std::min(zero, static_cast<double>(other.start_time) * av_q2d(other.time_base));
  }
  return zero;
}

}  // namespace

BlockTimes::BlockTimes(const AVFormatContext& format, const AVStream& stream, const AVFrame& first)
    : unit_s_(av_q2d(stream.time_base)) {
  are_told_ = has_times(format) && first.best_effort_timestamp != AV_NOPTS_VALUE;
  if (!are_told_) return;
  next_s_ = static_cast<double>(first.best_effort_timestamp) * unit_s_;
  start_s_ = next_s_ - earliest(format, stream, next_s_);
}

/// Time stamps that jump: what was not recorded, or what an edit list left out.
void BlockTimes::add(const AVFrame& block, double heard_s) {
  constexpr double kJitter = 0.1;  // s; time stamps of some containers are rounded
  if (!are_told_ || block.best_effort_timestamp == AV_NOPTS_VALUE) return;
  const double time = static_cast<double>(block.best_effort_timestamp) * unit_s_;
  const double jump = time - next_s_;
  if (std::abs(jump) > kJitter) {
    if (jumps_s_ == 0) first_jump_s_ = heard_s;
    jumps_s_ += std::abs(jump);
  }
  next_s_ = time + static_cast<double>(block.nb_samples) / block.sample_rate;
}

std::string BlockTimes::warning() const {
  if (jumps_s_ == 0) return "";
  return "its time stamps jump, by " + std::to_string(jumps_s_) + " s in all and first at " +
         std::to_string(first_jump_s_) + " s: later times do not include the gaps";
}

}  // namespace claptools
