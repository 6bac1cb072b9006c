#include "claptools/metrics/psds/filtered_psds.hpp"

#include <array>

#include "claptools/metrics/psds/seconds_median.hpp"

namespace claptools {
namespace {

constexpr std::array kWindows{0.3125, 0.9375, 1.5625, 2.1875};  // s

/// The frames under each window. A clip's scores are sorted once for all of them.
std::vector<DetectionFrames> filtered(const DetectionFrames& frames, std::size_t c) {
  std::vector<DetectionFrames> results(kWindows.size(), DetectionFrames(frames.codes(c)));
  for (std::size_t clip = 0; clip < frames.clips(); ++clip) {
    const auto boundaries = frames.boundaries(clip);
    const auto scores = frames.scores(c).subspan(frames.first_frame(clip), boundaries.size() - 1);
    const SecondsMedian median(scores, boundaries);
    for (std::size_t i = 0; i < kWindows.size(); ++i) {
      const ScoreSteps steps = median.filter(kWindows[i]);
      results[i].append_steps(steps.scores, steps.boundaries_s);
    }
  }
  return results;
}

}  // namespace

std::vector<PsdPoints> filtered_points(const DetectionFrames& frames, const GroundTruth& truth,
                                       std::size_t c, std::span<const PsdsParameters> parameters) {
  std::vector<PsdPoints> points(parameters.size());
  for (const DetectionFrames& smooth : filtered(frames, c)) {
    std::vector<PsdsCounter> psds;
    psds.reserve(parameters.size());
    std::vector<RunCounter*> counters;
    for (const PsdsParameters& own : parameters)
      counters.push_back(&psds.emplace_back(truth, c, own));
    DetectionSweep(smooth, 0).run(counters);
    for (std::size_t i = 0; i < psds.size(); ++i) {
      const PsdPoints more = psds[i].points();
      points[i].insert(points[i].end(), more.begin(), more.end());
    }
  }
  return points;
}

}  // namespace claptools
