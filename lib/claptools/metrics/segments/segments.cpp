#include "claptools/metrics/segments/segments.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace claptools {
namespace {

double rounded(double seconds) { return std::nearbyint(seconds * 1e6) / 1e6; }

/// The segments k with k < end and k + 1 > onset, of `count`: [first, last).
struct SegmentRange {
  std::size_t first;
  std::size_t last;
};

SegmentRange overlapped(double onset_s, double offset_s, std::size_t count) {
  const auto clamp = [count](double k) {
    return static_cast<std::size_t>(std::clamp(k, 0.0, static_cast<double>(count)));
  };
  return {clamp(std::floor(onset_s)), clamp(std::ceil(offset_s))};
}

void append_clip(const DetectionFrames& frames, const GroundTruth& truth, std::size_t clip,
                 std::size_t c, std::vector<ScoredSegment>& segments) {
  const auto count = static_cast<std::size_t>(std::ceil(truth.durations_s[clip]));
  std::vector<std::optional<float>> largest(count);
  const auto boundaries = frames.boundaries(clip);
  const auto scores = frames.scores(c).subspan(frames.first_frame(clip), boundaries.size() - 1);
  for (std::size_t f = 0; f < scores.size(); ++f) {
    const auto range = overlapped(rounded(boundaries[f]), rounded(boundaries[f + 1]), count);
    for (std::size_t k = range.first; k < range.last; ++k) {
      largest[k] = std::max(largest[k].value_or(scores[f]), scores[f]);
    }
  }
  const std::size_t first = segments.size();
  for (const auto& score : largest)
    segments.push_back({score.value_or(frames.codes(c).code(0)), false});
  for (const TruthEvent& event : truth.of(clip, c)) {
    const auto range = overlapped(event.onset_s, event.offset_s, count);
    for (std::size_t k = range.first; k < range.last; ++k) segments[first + k].positive = true;
  }
}

}  // namespace

std::vector<ScoredSegment> class_segments(const DetectionFrames& frames, const GroundTruth& truth,
                                          std::size_t c) {
  std::vector<ScoredSegment> segments;
  for (std::size_t clip = 0; clip < frames.clips(); ++clip)
    append_clip(frames, truth, clip, c, segments);
  return segments;
}

std::vector<ScoredSegment> ranked(std::vector<ScoredSegment> segments) {
  std::ranges::sort(segments, std::greater(), &ScoredSegment::score);
  return segments;
}

}  // namespace claptools
