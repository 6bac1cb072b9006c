#pragma once

#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"

namespace claptools {

/// One right class per clip. A file named "-" is standard input.
struct ClassificationTask {
  std::string scores = {};                ///< score file [clip, class]
  std::string truth = {};                 ///< table: id or clip_id, label, perhaps fold
  bool drop_clips_without_truth = false;  ///< leave out scored clips that the truth lacks, else
                                          ///< they are refused
  bool scenes = false;  ///< mean_class_accuracy, by which scenes are compared, comes first
  EvaluationOptions options = {};
};

/// Any number of right classes per clip.
struct TaggingTask {
  std::string scores = {};                ///< score file [clip, class]
  std::string truth = {};                 ///< table: filename, event_labels
  char label_separator = ',';             ///< between event_labels
  bool drop_clips_without_truth = false;  ///< as of classification
  EvaluationOptions options = {};
};

/// Scores a file against a truth; the last value is kMissing.
/// @throws Error{no_input}, {data} naming the file and the item.
Evaluation evaluate(const ClassificationTask& task);
Evaluation evaluate(const TaggingTask& task);

/// The metrics that evaluate() may give, without their parts (MetricSelection).
std::vector<std::string> metric_names(const ClassificationTask& task);
std::vector<std::string> metric_names(const TaggingTask& task);

}  // namespace claptools
