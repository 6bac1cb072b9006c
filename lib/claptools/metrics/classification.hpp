#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"

namespace claptools {

/// The right answers of a classification, clip by clip.
struct ClassificationTruth {
  std::vector<std::size_t> classes;  ///< index of each clip's class
  std::vector<std::string> folds;    ///< as many, or none
};

/// Joins a table with the columns `clip_id` (or `id`), `label` and perhaps `fold` to the clips
/// scored.
/// @param subject the table's name, for messages.
/// @throws Error{data} naming the clip or label: a label that is not a class, a clip labelled
/// twice, a clip scored without a label, and what the matcher refuses.
ClassificationTruth match_labels(const Table& table, std::string_view subject, ClipMatcher& clips,
                                 std::span<const std::string> classes);

/// Shares from 0 to 1. A clip's prediction is the class with the largest score, the first one on a
/// tie.
struct ClassificationScores {
  double top1 = 0;
  /// Fewer than min(5, classes) classes rank before the right one; ties rank by class index.
  double top5 = 0;
  double top1_ties_optimistic = 0;  ///< the right class first among equal scores
  double top5_ties_optimistic = 0;
  double top1_ties_pessimistic = 0;  ///< the right class last
  double top5_ties_pessimistic = 0;
  std::size_t clips = 0;
  std::size_t classes = 0;
  std::optional<double> fold_averaged_accuracy;  ///< plain mean of the folds' accuracies
  double mean_class_accuracy = 0;                ///< mean over the classes that have clips
  /// Folds in order of first appearance.
  std::vector<std::pair<std::string, double>> fold_accuracy;
  std::vector<std::pair<std::string, double>> per_class_accuracy;  ///< classes that have clips
};

/// @param scores [clips, classes.size()] float32.
/// @throws Error{data} if there is no clip, the shapes do not fit or a score is not finite, naming
/// the clip's row.
ClassificationScores score_classification(MatrixView scores, const ClassificationTruth& truth,
                                          std::span<const std::string> classes);

/// Shares under their names; those of folds as `fold_accuracy` with the fold in the class' place.
MetricValues to_metrics(const ClassificationScores& scores);

/// All names that to_metrics() gives, in its order.
std::vector<std::string> classification_metrics();

/// [classes, classes]: row = right class, column = predicted class.
/// @throws as score_classification.
std::vector<std::size_t> count_predictions(MatrixView scores, const ClassificationTruth& truth);

}  // namespace claptools
