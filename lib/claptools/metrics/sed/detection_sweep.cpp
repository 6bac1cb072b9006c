#include "claptools/metrics/sed/detection_sweep.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/metrics/descending_order.hpp"

namespace claptools {
namespace {

constexpr auto kOutside = static_cast<std::uint32_t>(-1);
constexpr std::size_t kAhead = 16;  // frames, about what a miss of the cache takes

}  // namespace

DetectionSweep::DetectionSweep(const DetectionFrames& frames, std::size_t c)
    : frames_(frames),
      scores_(frames.scores(c)),
      codes_(frames.codes(c)),
      far_end_(scores_.size(), kOutside) {}

void DetectionSweep::run(std::span<RunCounter* const> counters) {
  auto order = descending_order(scores_);
  while (!order.empty() && std::isinf(codes_.score(order.back().score()))) order.pop_back();
  const auto clip_of_frame = frames_.clip_of_frame();
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + kAhead < order.size()) fetch(order[i + kAhead].index());
    const std::size_t frame = order[i].index();
    const std::size_t clip = clip_of_frame[frame];
    enter(static_cast<std::uint32_t>(frame), counters);
    const bool score_goes_on = i + 1 < order.size() && order[i + 1].ties_with(order[i]);
    if (score_goes_on && clip_of_frame[order[i + 1].index()] == clip) continue;
    for (RunCounter* counter : counters) counter->settle(clip, *this);
    if (score_goes_on) continue;
    for (RunCounter* counter : counters) counter->reach(codes_.score(order[i].score()));
  }
}

/// Frames come from anywhere: asking early for their memory halves the time.
void DetectionSweep::fetch(std::size_t frame) const {
  __builtin_prefetch(&frames_.clip_of_frame()[frame]);
  __builtin_prefetch(&far_end_[frame]);
}

std::vector<DetectedRun> DetectionSweep::runs(std::size_t clip) const {
  std::vector<DetectedRun> runs;
  for (std::uint32_t f = frames_.first_frame(clip); f < frames_.first_frame(clip + 1); ++f) {
    if (far_end_[f] == kOutside) continue;
    runs.push_back(make_run(clip, f, far_end_[f]));
    f = far_end_[f];
  }
  return runs;
}

DetectedRun DetectionSweep::make_run(std::size_t clip, std::uint32_t first,
                                     std::uint32_t last) const {
  const auto boundaries = frames_.boundaries(clip);
  const std::uint32_t origin = frames_.first_frame(clip);
  return {clip, first, boundaries[first - origin], boundaries[last - origin + 1]};
}

void DetectionSweep::enter(std::uint32_t frame, std::span<RunCounter* const> counters) {
  const std::size_t clip = frames_.clip_of_frame()[frame];
  std::uint32_t first = frame;
  std::uint32_t last = frame;
  const auto swallow = [&](std::uint32_t run_first, std::uint32_t run_last) {
    const DetectedRun run = make_run(clip, run_first, run_last);
    for (RunCounter* counter : counters) counter->remove(run);
    first = std::min(first, run_first);
    last = std::max(last, run_last);
  };
  if (frame > frames_.first_frame(clip) && far_end_[frame - 1] != kOutside) {
    swallow(far_end_[frame - 1], frame - 1);
  }
  if (frame + 1 < frames_.first_frame(clip + 1) && far_end_[frame + 1] != kOutside) {
    swallow(frame + 1, far_end_[frame + 1]);
  }
  far_end_[frame] = frame;  // inside the run any value but kOutside will do
  far_end_[first] = last;
  far_end_[last] = first;
  const DetectedRun run = make_run(clip, first, last);
  for (RunCounter* counter : counters) counter->add(run);
}

}  // namespace claptools
