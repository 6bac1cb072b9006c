#include "claptools/metrics/mteb/label_metrics.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace claptools {
namespace {

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// How a class fared.
struct Counts {
  std::size_t right = 0;      ///< predicted where it is true
  std::size_t predicted = 0;  ///< anywhere
  std::size_t positive = 0;   ///< where it is true

  double f1() const { return ratio(2 * right, predicted + positive); }
  double precision() const { return ratio(right, predicted); }
  double recall() const { return ratio(right, positive); }
};

std::vector<Counts> count_classes(MatrixView scores, const ClassificationTruth& truth) {
  const auto confusion = count_predictions(scores, truth);
  const std::size_t classes = scores.cols;
  std::vector<Counts> counts(classes);
  for (std::size_t own = 0; own < classes; ++own) {
    for (std::size_t predicted = 0; predicted < classes; ++predicted) {
      const std::size_t clips = confusion[own * classes + predicted];
      counts[own].positive += clips;
      counts[predicted].predicted += clips;
      if (own == predicted) counts[own].right += clips;
    }
  }
  return counts;
}

/// Of the second class, where the first two are right somewhere and no other is.
std::optional<double> binary_ap(MatrixView scores, const ClassificationTruth& truth) {
  TaggingTruth positives(scores.rows);
  Matrix second(scores.rows, 1);
  std::size_t of_second = 0;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    if (truth.classes[i] > 1) return std::nullopt;
    of_second += truth.classes[i];
    second.row(i)[0] = scores.row(i)[1];
    if (truth.classes[i] == 1) positives[i] = {0};
  }
  if (of_second == 0 || of_second == scores.rows) return std::nullopt;
  return score_tagging(second, positives).per_class[0].ap;
}

/// The share of the true labels of a clip among the labels ranked as high, averaged over its true
/// labels.
double ranking_precision(std::span<const float> row, std::span<const std::size_t> own,
                         std::span<const std::size_t> classes) {
  if (own.empty() || own.size() == classes.size()) return 1;
  double sum = 0;
  for (const std::size_t label : own) {
    const auto as_high = [&](std::size_t c) { return row[c] >= row[label]; };
    sum += ratio(static_cast<std::size_t>(std::ranges::count_if(own, as_high)),
                 static_cast<std::size_t>(std::ranges::count_if(classes, as_high)));
  }
  return sum / static_cast<double>(own.size());
}

/// Classes that have a positive clip, ascending.
std::vector<std::size_t> positive_classes(const TaggingTruth& truth, std::size_t classes) {
  std::vector<bool> has_clip(classes);
  for (const auto& own : truth) {
    for (const std::size_t c : own) has_clip[c] = true;
  }
  std::vector<std::size_t> positive;
  for (std::size_t c = 0; c < classes; ++c) {
    if (has_clip[c]) positive.push_back(c);
  }
  return positive;
}

double mean(double sum, std::size_t of) { return sum / static_cast<double>(of); }

}  // namespace

MetricValues zero_shot_metrics(MatrixView scores, const ClassificationTruth& truth) {
  const auto counts = count_classes(scores, truth);
  struct Measure {
    const char* name;
    double (Counts::*of)() const;
  };
  constexpr std::array<Measure, 3> kMeasures{
      {{"f1", &Counts::f1}, {"precision", &Counts::precision}, {"recall", &Counts::recall}}};
  std::size_t right = 0, seen = 0;
  for (const Counts& c : counts) {
    right += c.right;
    seen += c.positive + c.predicted > 0 ? 1 : 0;
  }
  MetricValues values{{"accuracy", "", ratio(right, scores.rows)}};
  for (const auto& [name, of] : kMeasures) {
    double sum = 0, weighted = 0;
    for (const Counts& c : counts) {
      sum += (c.*of)();
      weighted += (c.*of)() * static_cast<double>(c.positive);
    }
    values.push_back({name, "", mean(sum, seen)});
    values.push_back({std::string(name) + "_weighted", "", mean(weighted, scores.rows)});
  }
  if (const auto ap = binary_ap(scores, truth)) {
    values.push_back({"ap", "", *ap});
    values.push_back({"ap_weighted", "", *ap});
  }
  return values;
}

MetricValues multilabel_metrics(MatrixView scores, const TaggingTruth& truth, double threshold) {
  score_tagging(scores, truth, {.by_class = false, .pooled = false});  // checks them
  const auto classes = positive_classes(truth, scores.cols);
  std::vector<Counts> counts(scores.cols);
  double lrap = 0, hamming = 0, f1 = 0;
  std::size_t exact = 0;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const auto row = scores.row(i);
    std::size_t right = 0, predicted = 0;
    for (const std::size_t c : classes) {
      const bool is_predicted = double{row[c]} > threshold;
      const bool is_own = std::ranges::binary_search(truth[i], c);
      counts[c].predicted += is_predicted ? 1 : 0;
      counts[c].positive += is_own ? 1 : 0;
      counts[c].right += is_predicted && is_own ? 1 : 0;
      predicted += is_predicted ? 1 : 0;
      right += is_predicted && is_own ? 1 : 0;
    }
    const std::size_t all = predicted + truth[i].size() - right;
    exact += all == right ? 1 : 0;
    hamming += all == 0 ? 1 : ratio(right, all);
    lrap += ranking_precision(row, truth[i], classes);
  }
  for (const std::size_t c : classes) f1 += counts[c].f1();
  return {{"accuracy", "", ratio(exact, scores.rows)},
          {"lrap", "", mean(lrap, scores.rows)},
          {"f1", "", mean(f1, classes.size())},
          {"hamming", "", mean(hamming, scores.rows)}};
}

}  // namespace claptools
