#include "mgaclap/tasks/join_frames.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mgaclap/core/error.hpp"

namespace mgaclap {
namespace {

constexpr double kMostSamples = 1e15;  // doubles tell neighbours apart
constexpr double kTolerance = 1e-6;    // part of a sample

std::size_t frame_length(const FrameTiming& timing, std::string_view subject) {
  const double length = timing.hop_s * timing.sample_rate;
  const bool is_whole =
      length >= 1 && length < kMostSamples && std::abs(length - std::round(length)) < kTolerance;
  if (!is_whole)
    throw Error(Fault::data, subject, "its frames are no whole number of samples long");
  return static_cast<std::size_t>(std::llround(length));
}

}  // namespace

FrameJoiner::FrameJoiner(const FrameTiming& timing, std::string_view subject, Sink sink)
    : timing_(timing), frame_samples_(frame_length(timing, subject)), sink_(std::move(sink)) {}

void FrameJoiner::add(const std::string& id, double start_s, double end_s, MatrixView scores) {
  const std::size_t start = sample(id, start_s);
  std::size_t length = sample(id, end_s) - start;
  const std::size_t covered = scores.rows * frame_samples_;
  // Times that somebody rounded may be a sample off.
  if (length > covered + 1) throw Error(Fault::data, id, "its frames do not reach its end");
  length = std::min(length, covered);
  if (part_ && (part_->id != id || start <= part_->last_start || start > part_->end)) finish();
  if (!part_) part_ = Part{id, start, start, start, WindowMerge(frame_samples_, scores.cols)};
  const double frame = timing_.stretched
                           ? static_cast<double>(length) / static_cast<double>(scores.rows)
                           : static_cast<double>(frame_samples_);
  const bool whole = timing_.whole_windows && !timing_.stretched;
  part_->merge.add(start - part_->start, whole ? covered : length, frame, scores);
  part_->last_start = start;
  part_->end = std::max(part_->end, start + length);
}

std::size_t FrameJoiner::sample(const std::string& id, double time_s) const {
  const double sample = time_s * timing_.sample_rate;
  if (!(sample >= 0 && sample < kMostSamples)) {
    throw Error(Fault::data, id, "has times that no recording has");
  }
  return static_cast<std::size_t>(std::llround(sample));
}

void FrameJoiner::drop(const std::string& id) {
  if (part_ && part_->id == id) part_.reset();
}

void FrameJoiner::finish() {
  if (!part_) return;
  const auto seconds = [&](std::size_t s) { return static_cast<double>(s) / timing_.sample_rate; };
  sink_({part_->id, seconds(part_->start), seconds(part_->end), timing_.hop_s,
         part_->merge.finish()});
  part_.reset();
}

}  // namespace mgaclap
