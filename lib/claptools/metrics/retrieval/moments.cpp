#include "claptools/metrics/retrieval/moments.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr std::array<const char*, 5> kNames{"r1@0.5", "r1@0.7", "map", "map@0.5", "map@0.75"};
constexpr std::array<double, 10> kThresholds{0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95};
constexpr std::size_t kMostPredictions = 10;

double length(const Moment& m) { return m.end_s - m.start_s; }

double intersection(const Moment& a, const Moment& b) {
  return std::max(0.0, std::min(a.end_s, b.end_s) - std::max(a.start_s, b.start_s));
}

double iou(const Moment& a, const Moment& b) {
  const double common = intersection(a, b);
  return common > 0 ? common / (length(a) + length(b) - common) : 0;
}

/// The same, but for rounding, of moments that overlap; the first prediction is judged by it.
double iou_by_hull(const Moment& a, const Moment& b) {
  const double common = intersection(a, b);
  const double hull = std::max(a.end_s, b.end_s) - std::min(a.start_s, b.start_s);
  return common > 0 ? common / hull : 0;
}

double iou_of_first(const MomentQuery& query) {
  if (query.predicted.empty()) return 0;
  const Moment& first = query.predicted.front();
  const auto best = std::ranges::max_element(
      query.relevant, {}, [&](const Moment& relevant) { return iou(first, relevant); });
  return iou_by_hull(first, *best);
}

/// For each prediction its IoU with each relevant moment: [predictions, relevant].
using Overlaps = std::vector<std::vector<double>>;

/// Whether each prediction, in the order of their scores, takes a relevant moment that is free.
/// Among equal overlaps the later moment is taken.
std::vector<bool> match(const Overlaps& overlaps, std::size_t relevant, double threshold) {
  std::vector<bool> is_taken(relevant), is_right;
  for (const auto& of_prediction : overlaps) {
    std::size_t best = relevant;
    for (std::size_t r = 0; r < relevant; ++r) {
      if (is_taken[r] || of_prediction[r] < threshold) continue;
      if (best == relevant || of_prediction[r] >= of_prediction[best]) best = r;
    }
    is_right.push_back(best < relevant);
    if (best < relevant) is_taken[best] = true;
  }
  return is_right;
}

double interpolated_precision(const std::vector<bool>& is_right, std::size_t relevant) {
  std::vector<double> precisions;  // where the recall rises
  std::size_t found = 0;
  for (std::size_t i = 0; i < is_right.size(); ++i) {
    if (is_right[i])
      precisions.push_back(static_cast<double>(++found) / static_cast<double>(i + 1));
  }
  double best = 0, sum = 0;
  for (std::size_t i = precisions.size(); i-- > 0;) sum += best = std::max(best, precisions[i]);
  return sum / static_cast<double>(relevant);
}

/// At each threshold.
std::array<double, kThresholds.size()> average_precisions(const MomentQuery& query) {
  std::vector<Moment> first = query.predicted;
  first.resize(std::min(first.size(), kMostPredictions));
  std::ranges::stable_sort(first, std::greater<>{}, &Moment::score);
  Overlaps overlaps;
  for (const Moment& prediction : first) {
    auto& row = overlaps.emplace_back();
    for (const Moment& relevant : query.relevant) row.push_back(iou(prediction, relevant));
  }
  std::array<double, kThresholds.size()> precisions{};
  for (std::size_t t = 0; t < kThresholds.size(); ++t) {
    const std::size_t relevant = query.relevant.size();
    precisions[t] = interpolated_precision(match(overlaps, relevant, kThresholds[t]), relevant);
  }
  return precisions;
}

/// In the order of kNames.
std::array<double, kNames.size()> score(const MomentQuery& query) {
  const double first = iou_of_first(query);
  const auto precisions = average_precisions(query);
  const double sum = std::accumulate(precisions.begin(), precisions.end(), 0.0);
  return {first >= 0.5 ? 1.0 : 0.0, first >= 0.7 ? 1.0 : 0.0,
          sum / static_cast<double>(kThresholds.size()), precisions[0], precisions[5]};
}

}  // namespace

std::vector<std::string> moment_query_metrics() { return {kNames.begin(), kNames.end()}; }

MomentScores score_moments(std::span<const MomentQuery> queries) {
  if (queries.empty()) throw Error(Fault::data, "moments", "no query");
  MomentScores scores{DoubleMatrix(queries.size(), kNames.size())};
  for (std::size_t q = 0; q < queries.size(); ++q) {
    if (queries[q].relevant.empty()) {
      throw Error(Fault::data, "moments", "none of query " + std::to_string(q) + " is relevant");
    }
    std::ranges::copy(score(queries[q]),
                      scores.values.data.begin() + static_cast<std::ptrdiff_t>(q * kNames.size()));
    scores.relevant += queries[q].relevant.size();
    scores.predicted += queries[q].predicted.size();
  }
  return scores;
}

MetricValues mean_metrics(const MomentScores& scores, std::span<const std::size_t> drawn) {
  MetricValues values;
  for (std::size_t v = 0; v < kNames.size(); ++v) {
    double sum = 0;
    for (const std::size_t query : drawn) sum += scores.values.row(query)[v];
    values.push_back({kNames[v], "", 100 * sum / static_cast<double>(drawn.size())});
  }
  return values;
}

MetricValues to_metrics(const MomentScores& scores) {
  std::vector<std::size_t> all(scores.values.rows);
  std::iota(all.begin(), all.end(), std::size_t{0});
  MetricValues values = mean_metrics(scores, all);
  values.push_back({"n_queries", "", static_cast<double>(scores.values.rows)});
  values.push_back({"n_moments", "", static_cast<double>(scores.relevant)});
  values.push_back({"n_predictions", "", static_cast<double>(scores.predicted)});
  return values;
}

std::vector<std::string> moment_metrics() {
  std::vector<std::string> names = moment_query_metrics();
  names.insert(names.end(), {"n_queries", "n_moments", "n_predictions"});
  return names;
}

}  // namespace claptools
