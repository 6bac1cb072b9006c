#include "claptools/metrics/segments/segments.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <span>

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

/// The segments that each frame of a clip overlaps. Clips of the same frames have them in common.
class FrameOverlaps {
 public:
  std::span<const SegmentRange> of(std::span<const double> boundaries, std::size_t count) {
    if (boundaries.data() == times_ && count == count_) return ranges_;
    times_ = boundaries.data();
    count_ = count;
    ranges_.clear();
    for (std::size_t f = 0; f + 1 < boundaries.size(); ++f)
      ranges_.push_back(overlapped(rounded(boundaries[f]), rounded(boundaries[f + 1]), count));
    return ranges_;
  }

 private:
  const double* times_ = nullptr;
  std::size_t count_ = 0;
  std::vector<SegmentRange> ranges_;
};

void append_clip(const DetectionFrames& frames, const GroundTruth& truth, std::size_t clip,
                 std::size_t c, FrameOverlaps& overlaps, std::vector<ScoredSegment>& segments) {
  const auto count = static_cast<std::size_t>(std::ceil(truth.durations_s[clip]));
  std::vector<std::optional<float>> largest(count);
  const auto ranges = overlaps.of(frames.boundaries(clip), count);
  const auto scores = frames.scores(c).subspan(frames.first_frame(clip), ranges.size());
  for (std::size_t f = 0; f < scores.size(); ++f) {
    for (std::size_t k = ranges[f].first; k < ranges[f].last; ++k) {
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
  FrameOverlaps overlaps;
  for (std::size_t clip = 0; clip < frames.clips(); ++clip)
    append_clip(frames, truth, clip, c, overlaps, segments);
  return segments;
}

std::vector<ScoredSegment> ranked(std::vector<ScoredSegment> segments) {
  std::ranges::sort(segments, std::greater(), &ScoredSegment::score);
  return segments;
}

}  // namespace claptools
