#include "claptools/learn/trial.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "claptools/metrics/tagging.hpp"

namespace claptools {
namespace {

constexpr double kNever = 1e-7;  // the least probability that a loss is taken of
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double loss_of(std::span<const float> row, std::span<const std::uint32_t> own, ClassChoice choice) {
  const auto cost = [](double p) { return -std::log(std::max(p, kNever)); };
  if (choice == ClassChoice::one) return cost(row[own[0]]);
  double loss = 0;
  for (std::size_t c = 0; c < row.size(); ++c)
    loss += cost(std::ranges::binary_search(own, c) ? row[c] : 1 - double{row[c]});
  return loss;
}

void average_classes(Trial& trial) {
  double sum = 0;
  std::size_t count = 0;
  for (const double value : trial.per_class) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  trial.class_accuracy = count > 0 ? sum / static_cast<double>(count) : kNone;
}

void judge_one(MatrixView probabilities, std::span<const std::size_t> rows,
               const LabelledRows& data, Trial& trial) {
  std::vector<std::size_t> right(data.class_count), all(data.class_count);
  std::size_t total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = probabilities.row(i);
    const std::uint32_t own = data.classes[rows[i]][0];
    const bool hit = std::ranges::max_element(row) - row.begin() == std::ptrdiff_t{own};
    ++all[own];
    right[own] += hit;
    total += hit;
  }
  trial.accuracy = static_cast<double>(total) / static_cast<double>(rows.size());
  for (std::size_t c = 0; c < all.size(); ++c)
    trial.per_class.push_back(
        all[c] > 0 ? static_cast<double>(right[c]) / static_cast<double>(all[c]) : kNone);
  average_classes(trial);
}

void judge_any(MatrixView probabilities, std::span<const std::size_t> rows,
               const LabelledRows& data, Trial& trial) {
  TaggingTruth truth;
  for (const std::size_t row : rows)
    truth.emplace_back(data.classes[row].begin(), data.classes[row].end());
  const TaggingScores scores = score_tagging(probabilities, truth, {.pooled = false});
  for (const auto& one : scores.per_class) trial.per_class.push_back(one.ap.value_or(kNone));
  average_classes(trial);
  trial.accuracy = trial.class_accuracy;
}

}  // namespace

Trial judge(MatrixView probabilities, std::span<const std::size_t> rows, const LabelledRows& data) {
  Trial trial;
  for (std::size_t i = 0; i < rows.size(); ++i)
    trial.log_loss += loss_of(probabilities.row(i), data.classes[rows[i]], data.choice);
  trial.log_loss /= static_cast<double>(rows.size());
  (data.choice == ClassChoice::one ? judge_one : judge_any)(probabilities, rows, data, trial);
  return trial;
}

bool is_better(const Trial& trial, const Trial& than, ClassChoice choice) {
  if (choice == ClassChoice::one && trial.accuracy != than.accuracy)
    return trial.accuracy > than.accuracy;
  return trial.log_loss < than.log_loss;
}

}  // namespace claptools
