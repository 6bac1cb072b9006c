#include "claptools/metrics/segments/segment_ranking.hpp"

#include <algorithm>
#include <limits>

#include "claptools/metrics/retrieval/ranking.hpp"

namespace claptools {
namespace {

constexpr double kMaxFpr = 0.1;

struct RocPoint {
  double fpr = 0;
  double tpr = 0;
};

/// The area below the line from `a` to `b`, as far as `max_fpr`.
double area_below(const RocPoint& a, const RocPoint& b, double max_fpr) {
  if (a.fpr >= max_fpr || a.fpr == b.fpr) return 0;
  const double end = std::min(b.fpr, max_fpr);
  const double tpr =
      end == b.fpr ? b.tpr : a.tpr + (b.tpr - a.tpr) * (end - a.fpr) / (b.fpr - a.fpr);
  return (end - a.fpr) * (a.tpr + tpr) / 2;
}

double corrected(double partial_area) {
  constexpr double kChance = kMaxFpr * kMaxFpr / 2;
  return (1 + (partial_area - kChance) / (kMaxFpr - kChance)) / 2;
}

}  // namespace

SegmentRanking rank_segments(std::span<const ScoredSegment> ranked) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const auto positives =
      static_cast<double>(std::ranges::count(ranked, true, &ScoredSegment::positive));
  const double negatives = static_cast<double>(ranked.size()) - positives;
  RankingSum sum;
  RocPoint last;
  double area = 0, partial_area = 0, tp = 0, fp = 0;
  for (std::size_t i = 0; i < ranked.size();) {
    const std::size_t first = i;
    double hits = 0;
    for (; i < ranked.size() && ranked[i].score == ranked[first].score; ++i)
      hits += ranked[i].positive ? 1 : 0;
    const double alarms = static_cast<double>(i - first) - hits;
    sum.step(hits, alarms);
    const RocPoint point{(fp += alarms) / negatives, (tp += hits) / positives};
    area += area_below(last, point, 1);
    partial_area += area_below(last, point, kMaxFpr);
    last = point;
  }
  if (positives == 0) return {kNan, kNan, kNan, kNan};
  const double ap = sum.scores().ap;
  if (negatives == 0) return {kNan, kNan, kNan, ap};
  return {area, partial_area / kMaxFpr, corrected(partial_area), ap};
}

}  // namespace claptools
