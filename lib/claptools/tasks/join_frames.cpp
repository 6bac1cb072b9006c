#include "claptools/tasks/join_frames.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr double kMaxSamples = 1e15;  // doubles tell neighbours apart
constexpr double kTolerance = 1e-6;   // part of a sample
constexpr int kMaxTicks = 128;

/// How many ticks make a sample, so that a frame is a whole number of ticks: 1 of the published
/// model, 9 where 36 frames share 320,000 samples.
int find_ticks(const FrameTiming& timing, std::string_view subject) {
  const double length = timing.hop_s * timing.sample_rate;
  for (int ticks = 1; ticks <= kMaxTicks && length >= 1 && length < kMaxSamples; ++ticks) {
    if (std::abs(length * ticks - std::round(length * ticks)) < kTolerance * ticks) return ticks;
  }
  throw Error(Fault::data, subject, "its frames are not a simple fraction of its samples");
}

}  // namespace

FrameJoiner::FrameJoiner(const FrameTiming& timing, std::string_view subject, Sink sink)
    : timing_(timing),
      ticks_(find_ticks(timing, subject)),
      frame_(static_cast<std::size_t>(std::llround(timing.hop_s * timing.sample_rate * ticks_))),
      sink_(std::move(sink)) {}

void FrameJoiner::add(const std::string& id, double start_s, double end_s, MatrixView scores) {
  const std::size_t start = tick(id, start_s);
  std::size_t length = tick(id, end_s) - start;
  const std::size_t covered = scores.rows * frame_;
  // Times that somebody rounded may be a sample off.
  if (length > covered + static_cast<std::size_t>(ticks_))
    throw Error(Fault::data, id, "its frames do not reach its end");
  length = std::min(length, covered);
  if (part_ && (part_->id != id || start <= part_->last_start || start > part_->end)) finish();
  if (!part_) part_ = Part{id, start, start, start, WindowMerge(frame_, scores.cols)};
  const double frame = timing_.stretched
                           ? static_cast<double>(length) / static_cast<double>(scores.rows)
                           : static_cast<double>(frame_);
  const bool whole = timing_.whole_windows && !timing_.stretched;
  part_->merge.add(start - part_->start, whole ? covered : length, frame, scores);
  part_->last_start = start;
  part_->end = std::max(part_->end, start + length);
}

std::size_t FrameJoiner::tick(const std::string& id, double time_s) const {
  const double sample = time_s * timing_.sample_rate;
  if (!(sample >= 0 && sample < kMaxSamples)) {
    throw Error(Fault::data, id, "has impossible times");
  }
  return static_cast<std::size_t>(std::llround(sample * ticks_));
}

void FrameJoiner::drop(const std::string& id) {
  if (part_ && part_->id == id) part_.reset();
}

void FrameJoiner::finish() {
  if (!part_) return;
  const auto seconds = [&](std::size_t s) {
    return static_cast<double>(s) / (static_cast<double>(timing_.sample_rate) * ticks_);
  };
  sink_({part_->id, seconds(part_->start), seconds(part_->end), timing_.hop_s,
         part_->merge.finish()});
  part_.reset();
}

}  // namespace claptools
