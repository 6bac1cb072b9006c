#include "claptools/metrics/classification.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "claptools/core/error.hpp"
#include "claptools/metrics/metric_list.hpp"
#include "claptools/metrics/sed/class_matcher.hpp"

namespace claptools {
namespace {

using Own = ClassificationScores;

constexpr std::array<Total<Own>, 10> kTotals{
    {{"top1", member<Own, &Own::top1>},
     {"top5", member<Own, &Own::top5>},
     {"fold_averaged_accuracy", member<Own, &Own::fold_averaged_accuracy>},
     {"mean_class_accuracy", member<Own, &Own::mean_class_accuracy>},
     {"top1_ties_optimistic", member<Own, &Own::top1_ties_optimistic>},
     {"top5_ties_optimistic", member<Own, &Own::top5_ties_optimistic>},
     {"top1_ties_pessimistic", member<Own, &Own::top1_ties_pessimistic>},
     {"top5_ties_pessimistic", member<Own, &Own::top5_ties_pessimistic>},
     {"n_clips", member<Own, &Own::clips>},
     {"n_classes", member<Own, &Own::classes>}}};

/// Of folds and of classes.
struct Shares {
  const char* name;
  std::vector<std::pair<std::string, double>> Own::*of;
};
constexpr std::array<Shares, 2> kShares{
    {{"fold_accuracy", &Own::fold_accuracy}, {"per_class_accuracy", &Own::per_class_accuracy}}};

/// Right answers among those of one fold or class.
struct Tally {
  std::size_t right = 0;
  std::size_t total = 0;

  void add(bool is_right) {
    right += is_right ? 1 : 0;
    ++total;
  }
  double share() const { return static_cast<double>(right) / static_cast<double>(total); }
};

/// Number of classes that rank before class `own`: by class index among equal scores, or all or
/// none of these.
struct Rank {
  std::size_t by_index = 0;
  std::size_t least = 0;
  std::size_t most = 0;
};

Rank rank_of(std::span<const float> scores, std::size_t own) {
  Rank rank;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const bool is_equal = scores[c] == scores[own];
    rank.least += scores[c] > scores[own] ? 1 : 0;
    rank.by_index += scores[c] > scores[own] || (is_equal && c < own) ? 1 : 0;
    rank.most += scores[c] > scores[own] || (is_equal && c != own) ? 1 : 0;
  }
  return rank;
}

void check_shapes(MatrixView scores, const ClassificationTruth& truth, std::size_t classes) {
  if (scores.rows == 0) throw Error(Fault::data, "scores", "no clip");
  if (scores.cols != classes) {
    throw Error(
        Fault::data, "scores",
        std::to_string(scores.cols) + " columns for " + std::to_string(classes) + " classes");
  }
  if (truth.classes.size() != scores.rows ||
      (!truth.folds.empty() && truth.folds.size() != scores.rows)) {
    throw Error(
        Fault::data, "labels",
        std::to_string(truth.classes.size()) + " for " + std::to_string(scores.rows) + " clips");
  }
}

void check_clip(std::span<const float> scores, std::size_t clip, std::size_t own) {
  if (!std::all_of(scores.begin(), scores.end(), [](float s) { return std::isfinite(s); })) {
    throw Error(Fault::data, "scores", "row " + std::to_string(clip) + " is not finite");
  }
  if (own >= scores.size()) {
    throw Error(Fault::data, "labels", "class " + std::to_string(own) + " does not exist");
  }
}

double mean_share(const std::vector<std::pair<std::string, double>>& shares) {
  double sum = 0;
  for (const auto& [name, share] : shares) sum += share;
  return sum / static_cast<double>(shares.size());
}

}  // namespace

ClassificationTruth match_labels(const Table& table, std::string_view subject, ClipMatcher& clips,
                                 std::span<const std::string> classes) {
  const std::size_t id =
      table.find("clip_id") ? *table.find("clip_id") : table.require("id", subject);
  const std::size_t label = table.require("label", subject);
  const auto fold = table.find("fold");
  ClassMatcher class_index(classes);
  constexpr auto kNone = static_cast<std::size_t>(-1);
  const auto ids = clips.ids();
  ClassificationTruth truth{std::vector<std::size_t>(ids.size(), kNone), {}};
  if (fold) truth.folds.resize(ids.size());
  std::vector<bool> is_labelled(ids.size());
  for (const auto& row : table.rows) {
    const auto clip = clips.find(row[id]);
    if (!clip) continue;
    if (is_labelled[*clip]) {
      throw Error(Fault::data, subject, "clip '" + row[id] + "' is labelled twice");
    }
    is_labelled[*clip] = true;
    truth.classes[*clip] = class_index.find(row[label]).value_or(kNone);
    if (fold) truth.folds[*clip] = row[*fold];
  }
  clips.settle(subject);
  class_index.settle(subject);
  const auto missing = std::find(truth.classes.begin(), truth.classes.end(), kNone);
  if (missing != truth.classes.end()) {
    const auto& name = ids[static_cast<std::size_t>(missing - truth.classes.begin())];
    throw Error(Fault::data, subject, "no label for clip '" + name + "'");
  }
  return truth;
}

ClassificationScores score_classification(MatrixView scores, const ClassificationTruth& truth,
                                          std::span<const std::string> classes) {
  check_shapes(scores, truth, classes.size());
  const std::size_t first_five = std::min<std::size_t>(5, classes.size());
  std::array<Tally, 3> top1;  // by index, optimistic, pessimistic
  std::array<Tally, 3> top5;
  std::vector<Tally> by_class(classes.size());
  std::vector<std::pair<std::string, Tally>> by_fold;
  std::unordered_map<std::string, std::size_t> fold_index;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const std::size_t own = truth.classes[i];
    check_clip(scores.row(i), i, own);
    const Rank rank = rank_of(scores.row(i), own);
    const std::array ranks{rank.by_index, rank.least, rank.most};
    for (std::size_t rule = 0; rule < ranks.size(); ++rule) {
      top1[rule].add(ranks[rule] == 0);
      top5[rule].add(ranks[rule] < first_five);
    }
    by_class[own].add(rank.by_index == 0);
    if (truth.folds.empty()) continue;
    const auto [fold, is_new] = fold_index.emplace(truth.folds[i], by_fold.size());
    if (is_new) by_fold.emplace_back(truth.folds[i], Tally{});
    by_fold[fold->second].second.add(rank.by_index == 0);
  }
  ClassificationScores result;
  result.top1 = top1[0].share();
  result.top5 = top5[0].share();
  result.top1_ties_optimistic = top1[1].share();
  result.top5_ties_optimistic = top5[1].share();
  result.top1_ties_pessimistic = top1[2].share();
  result.top5_ties_pessimistic = top5[2].share();
  result.clips = scores.rows;
  result.classes = classes.size();
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (by_class[c].total > 0) {
      result.per_class_accuracy.emplace_back(classes[c], by_class[c].share());
    }
  }
  result.mean_class_accuracy = mean_share(result.per_class_accuracy);
  for (const auto& [name, tally] : by_fold) result.fold_accuracy.emplace_back(name, tally.share());
  if (!by_fold.empty()) result.fold_averaged_accuracy = mean_share(result.fold_accuracy);
  return result;
}

std::vector<std::string> classification_metrics() {
  std::vector<std::string> names;
  append_names(kTotals, names);
  append_names(kShares, names);
  return names;
}

MetricValues to_metrics(const ClassificationScores& scores) {
  MetricValues values;
  append_totals(kTotals, scores, values);
  for (const auto& [metric, shares] : kShares) {
    for (const auto& [name, share] : scores.*shares) values.push_back({metric, name, share});
  }
  return values;
}

std::vector<std::size_t> count_predictions(MatrixView scores, const ClassificationTruth& truth) {
  check_shapes(scores, truth, scores.cols);
  std::vector<std::size_t> counts(scores.cols * scores.cols);
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const auto row = scores.row(i);
    check_clip(row, i, truth.classes[i]);
    const auto predicted = std::ranges::max_element(row) - row.begin();
    ++counts[truth.classes[i] * scores.cols + static_cast<std::size_t>(predicted)];
  }
  return counts;
}

}  // namespace claptools
