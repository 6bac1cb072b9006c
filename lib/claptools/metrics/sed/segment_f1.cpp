#include "claptools/metrics/sed/segment_f1.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace claptools {
namespace {

struct Segment {
  float score = 0;
  bool positive = false;
};

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

std::vector<Segment> clip_segments(const DetectionFrames& frames, const GroundTruth& truth,
                                   std::size_t clip, std::size_t c) {
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
  std::vector<Segment> segments(count);
  for (std::size_t k = 0; k < count; ++k)
    segments[k].score = largest[k].value_or(frames.codes(c).code(0));
  for (const TruthEvent& event : truth.of(clip, c)) {
    const auto range = overlapped(event.onset_s, event.offset_s, count);
    for (std::size_t k = range.first; k < range.last; ++k) segments[k].positive = true;
  }
  return segments;
}

}  // namespace

SegmentFScores segment_f_scores(const DetectionFrames& frames, const GroundTruth& truth,
                                std::size_t c, double threshold) {
  std::vector<Segment> segments;
  for (std::size_t clip = 0; clip < frames.clips(); ++clip) {
    const auto more = clip_segments(frames, truth, clip, c);
    segments.insert(segments.end(), more.begin(), more.end());
  }
  std::ranges::sort(segments, std::greater(), &Segment::score);
  const auto positives =
      static_cast<std::size_t>(std::ranges::count(segments, true, &Segment::positive));
  FScoreSearch search(positives, threshold);
  DetectionCounts counts;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    ++(segments[i].positive ? counts.true_positives : counts.false_positives);
    if (i + 1 < segments.size() && segments[i + 1].score == segments[i].score) continue;
    search.add(frames.codes(c).score(segments[i].score), counts);
  }
  return {{search.best(), search.at_threshold()}, segments.size()};
}

}  // namespace claptools
