#include "claptools/metrics/sed/segment_f1.hpp"

#include <algorithm>

namespace claptools {

SegmentFScores segment_f_scores(std::span<const ScoredSegment> ranked, const ScoreCodes& codes,
                                double threshold) {
  const auto positives =
      static_cast<std::size_t>(std::ranges::count(ranked, true, &ScoredSegment::positive));
  FScoreSearch search(positives, threshold);
  DetectionCounts counts;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    ++(ranked[i].positive ? counts.true_positives : counts.false_positives);
    if (i + 1 < ranked.size() && ranked[i + 1].score == ranked[i].score) continue;
    search.add(codes.score(ranked[i].score), counts);
  }
  return {{search.best(), search.at_threshold()}, ranked.size()};
}

}  // namespace claptools
