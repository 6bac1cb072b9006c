#include "claptools/metrics/sed/detection_f1.hpp"

#include <algorithm>

namespace claptools {
namespace {

FScore f_score(double p, double r) { return {2 * p * r / std::max(p + r, 1e-15), p, r}; }

double ratio(std::size_t part, std::size_t whole, double if_none) {
  return whole == 0 ? if_none : static_cast<double>(part) / static_cast<double>(whole);
}

ClassFScore score_class(const DetectionCounts& counts, std::size_t events, double threshold) {
  const std::size_t tp = counts.true_positives;
  return {f_score(ratio(tp, tp + counts.false_positives, 1), ratio(tp, events, 0)), counts, events,
          threshold};
}

}  // namespace

FScores average_f_scores(std::vector<ClassFScore> per_class) {
  FScores scores{std::move(per_class), {}, {}};
  const auto n = static_cast<double>(scores.per_class.size());
  std::size_t tp = 0;
  std::size_t detections = 0;
  std::size_t events = 0;
  for (const ClassFScore& c : scores.per_class) {
    scores.macro.f += c.f / n;
    scores.macro.p += c.p / n;
    scores.macro.r += c.r / n;
    tp += c.counts.true_positives;
    detections += c.counts.true_positives + c.counts.false_positives;
    events += c.events;
  }
  scores.micro = f_score(ratio(tp, detections, 0), ratio(tp, events, 0));
  return scores;
}

FScoreSearch::FScoreSearch(std::size_t events, double threshold)
    : best_(score_class({}, events, std::numeric_limits<double>::infinity())),
      at_threshold_(score_class({}, events, threshold)) {}

void FScoreSearch::add(double score, const DetectionCounts& counts) {
  if (best_score_) best_.threshold = (*best_score_ + score) / 2;
  best_score_.reset();
  const ClassFScore now =
      score_class(counts, best_.events, -std::numeric_limits<double>::infinity());
  if (now.f > best_.f) {
    best_ = now;
    best_score_ = score;
  }
  if (score > at_threshold_.threshold) {
    at_threshold_ = score_class(counts, best_.events, at_threshold_.threshold);
  }
}

MetricValues to_metrics(const FScores& scores, const std::string& name,
                        std::span<const std::string> classes) {
  MetricValues values;
  const auto append_classes = [&](const std::string& metric, const auto& value_of) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      values.push_back({metric, classes[c], static_cast<double>(value_of(scores.per_class[c]))});
    }
  };
  const auto append = [&](const std::string& metric, double FScore::*member) {
    values.push_back({metric + ".macro_average", "", scores.macro.*member});
    values.push_back({metric + ".micro_average", "", scores.micro.*member});
    append_classes(metric, [member](const ClassFScore& c) { return c.*member; });
  };
  append(name, &FScore::f);
  append(name + ".p", &FScore::p);
  append(name + ".r", &FScore::r);
  append_classes(name + ".threshold", [](const ClassFScore& c) { return c.threshold; });
  append_classes(name + ".tps", [](const ClassFScore& c) { return c.counts.true_positives; });
  append_classes(name + ".fps", [](const ClassFScore& c) { return c.counts.false_positives; });
  append_classes(name + ".n_ref", [](const ClassFScore& c) { return c.events; });
  return values;
}

}  // namespace claptools
