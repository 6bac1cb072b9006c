#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/retrieval/ranking.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"
#include "claptools/metrics/sed/detection_f1.hpp"

namespace claptools {

/// The tags of each clip: rows in the order of the scores, class indices ascending.
using TaggingTruth = std::vector<std::vector<std::size_t>>;

/// Joins a table with the columns `filename` and `event_labels` (a LabelList, perhaps empty) to the
/// clips scored.
/// @param subject the table's name, for messages.
/// @throws Error{data} naming the clip or label: a label that is not a class or occurs twice in a
/// row, a clip scored without a row or with two, and what the matcher refuses.
TaggingTruth match_tags(const Table& table, std::string_view subject, ClipMatcher& clips,
                        std::span<const std::string> classes, char separator = ',');

/// One class; nothing where it is not defined.
struct ClassTaggingScores {
  std::optional<double> ap;      ///< average precision; needs a positive clip
  std::optional<double> auc;     ///< area under the ROC curve; needs a negative clip, too
  std::optional<double> dprime;  ///< of that area
};

struct TaggingOptions {
  bool by_class = true;  ///< all but micro_map
  bool pooled = true;    ///< micro_map
  std::size_t threads = 1;
};

/// Shares from 0 to 1; NaN where no class defines a value. Those not asked for mean nothing.
struct TaggingScores {
  double macro_map = 0;                   ///< mean over the classes with positive clips
  double macro_map_zero_for_missing = 0;  ///< the same with 0 for the other classes
  double micro_map = 0;                   ///< of all pairs of clip and class pooled
  double weighted_map = 0;                ///< weights are the numbers of positive clips
  double mauc = 0;                        ///< mean over the classes with positives and negatives
  double dprime_of_mauc = 0;              ///< sqrt(2) * inverse normal CDF
  double mean_of_class_dprimes = 0;       ///< infinite as soon as one class is perfect
  std::size_t clips = 0;
  std::vector<ClassTaggingScores> per_class;
};

/// @param scores [clips, classes] float32.
/// @throws Error{data} if there is no clip or no class, the shapes do not fit or a score is not
/// finite, naming the clip's row.
TaggingScores score_tagging(MatrixView scores, const TaggingTruth& truth,
                            const TaggingOptions& options = {});

/// Of each class the F-score of its tags at the threshold where it is highest, the highest of
/// these.
/// @param scores [clips, classes]. @throws Error as score_tagging.
std::vector<ClassFScore> best_tag_f_scores(MatrixView scores, const TaggingTruth& truth);

/// Ranks once, so that many resamples of the clips are scored without sorting. Holds 4 bytes per
/// score, and as many for the pooled ones.
class TaggingResampler {
 public:
  /// @throws Error as score_tagging.
  TaggingResampler(MatrixView scores, const TaggingTruth& truth,
                   const TaggingOptions& options = {});

  /// As score_tagging on the rows `clips`, some of them several times.
  TaggingScores operator()(std::span<const std::size_t> clips) const;

 private:
  std::size_t clips_;
  std::vector<KeptRanking> classes_;
  KeptRanking pairs_;
};

/// A step of a precision-recall curve: the precision at the score where the recall is reached.
struct PrecisionRecall {
  double recall = 0;
  double precision = 0;
};

/// By ascending recall: the area under the steps is the average precision of a class, or without
/// one of all pairs of clip and class pooled. @param scores, truth as score_tagging accepts them.
std::vector<PrecisionRecall> precision_recall(MatrixView scores, const TaggingTruth& truth,
                                              std::optional<std::size_t> class_index = {});

/// Totals under their names, with `n_clips` and `n_classes`; the classes' values as `per_class_ap`,
/// `per_class_auc`, `per_class_dprime`.
MetricValues to_metrics(const TaggingScores& scores, std::span<const std::string> classes);

/// All names that to_metrics() gives, in its order.
std::vector<std::string> tagging_metrics();

}  // namespace claptools
