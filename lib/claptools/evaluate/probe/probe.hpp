#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// A linear probe: how well logistic regression on stored embeddings tells the classes of
/// recordings that it has not learned from. A file named "-" is standard input.
struct ProbeTask {
  std::string embeddings = {};  ///< embedding file; several rows of a recording are averaged after
                                ///< the regression, as probabilities
  /// Table as read_teaching_labels() reads it, with the column `fold` or `split`.
  std::string truth = {};
  /// Test each value of the column `fold` with a model of all other folds. Else the column `split`
  /// must be there: recordings of "train" are learned, those of "test" tested.
  bool folds = false;
  /// Inverse strength of the L2 penalty; none: the best of 0.01, 0.1 ... 10,000 in a
  /// cross-validation of what is learned, over its folds or, for a split, 5 of ours.
  std::optional<double> c = {};
  bool drop_clips_without_truth = false;  ///< as of ClassificationTask
  EvaluationOptions options = {};
};

/// For one class per recording the metrics of a ClassificationTask over all recordings that were
/// tested, each by the model that had not learned it; for any number of classes those of a
/// TaggingTask. The last value is kMissing.
/// @throws Error{no_input}, {data} naming the file and the item.
Evaluation evaluate(const ProbeTask& task);

/// The metrics that evaluate() may give, without their parts (MetricSelection).
std::vector<std::string> metric_names(const ProbeTask& task);

}  // namespace claptools
