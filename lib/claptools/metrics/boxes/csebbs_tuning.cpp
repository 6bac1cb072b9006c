#include "claptools/metrics/boxes/csebbs_tuning.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "claptools/core/parallel_for.hpp"
#include "claptools/metrics/psds/psds.hpp"
#include "claptools/metrics/sed/detection_sweep.hpp"

namespace claptools {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// Of one class in one clip, what the codes stand for.
std::vector<double> scores_of(const DetectionFrames& frames, std::size_t clip, std::size_t c) {
  const std::size_t first = frames.first_frame(clip);
  const auto codes = frames.scores(c).subspan(first, frames.first_frame(clip + 1) - first);
  std::vector<double> scores(codes.size());
  std::ranges::transform(codes, scores.begin(),
                         [&](float code) { return frames.codes(c).score(code); });
  return scores;
}

double end_of(const DetectionFrames& frames, const GroundTruth& truth, std::size_t clip) {
  return std::max(frames.boundaries(clip).back(), truth.durations_s[clip]);
}

std::vector<std::size_t> first_numbers(std::size_t count) {
  std::vector<std::size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

/// The boxes of one class, clip after clip.
using ClipBoxes = std::vector<std::vector<EventBox>>;

/// psds1 of one class alone.
double score(const ClipBoxes& boxes, const DetectionFrames& frames, const GroundTruth& truth,
             std::size_t c) {
  DetectionFrames own({0});
  for (std::size_t clip = 0; clip < boxes.size(); ++clip)
    own.append_boxes(std::span(&boxes[clip], 1), end_of(frames, truth, clip));
  own.rank();
  const PsdsParameters psds1 = default_psds().front().second;
  PsdsCounter counter(truth, c, psds1);
  RunCounter* const counters = &counter;
  DetectionSweep(own, 0).run(std::span(&counters, 1));
  const std::array points{counter.points()};
  return psd_roc(points, psds1.alpha_st, psds1.max_efpr).per_class.front();
}

std::vector<std::pair<double, double>> merge_thresholds(const CsebbsGrid& grid) {
  std::vector<std::pair<double, double>> pairs;
  for (const double absolute : grid.merge_thresholds_abs) pairs.emplace_back(absolute, kNoLimit);
  for (const double relative : grid.merge_thresholds_rel) pairs.emplace_back(kNoLimit, relative);
  return pairs;
}

TunedCsebbs tune_class(const DetectionFrames& frames, const GroundTruth& truth, std::size_t c,
                       const CsebbsGrid& grid) {
  TunedCsebbs best{{}, -1};
  std::vector<ScoreSegments> segments(frames.clips());
  ClipBoxes boxes(frames.clips());
  for (const double length_s : grid.step_filter_lengths_s) {
    for (std::size_t clip = 0; clip < frames.clips(); ++clip)
      segments[clip] = find_changes(scores_of(frames, clip, c), frames.boundaries(clip), length_s);
    for (const auto& [absolute, relative] : merge_thresholds(grid)) {
      std::ranges::transform(segments, boxes.begin(), [&, a = absolute, r = relative](auto& own) {
        return merge_segments(own, a, r);
      });
      const double psds1 = score(boxes, frames, truth, c);
      if (psds1 > best.psds1) best = {{length_s, absolute, relative}, psds1};
    }
  }
  return best;
}

}  // namespace

DetectionFrames box_frames(const DetectionFrames& frames, const GroundTruth& truth,
                           std::span<const CsebbsParameters> parameters) {
  DetectionFrames boxed(first_numbers(frames.classes()));
  ClipBoxes boxes(frames.classes());
  for (std::size_t clip = 0; clip < frames.clips(); ++clip) {
    for (std::size_t c = 0; c < boxes.size(); ++c)
      boxes[c] = event_boxes(scores_of(frames, clip, c), frames.boundaries(clip), parameters[c]);
    boxed.append_boxes(boxes, end_of(frames, truth, clip));
  }
  boxed.rank();
  return boxed;
}

std::vector<TunedCsebbs> tune_csebbs(const DetectionFrames& frames, const GroundTruth& truth,
                                     const CsebbsGrid& grid, std::size_t threads) {
  std::vector<TunedCsebbs> tuned(frames.classes());
  parallel_for(tuned.size(), static_cast<int>(threads),
               [&](std::size_t c) { tuned[c] = tune_class(frames, truth, c, grid); });
  return tuned;
}

}  // namespace claptools
