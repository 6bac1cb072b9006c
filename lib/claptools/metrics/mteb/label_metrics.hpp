#pragma once

#include "claptools/core/matrix.hpp"
#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/tagging.hpp"

namespace claptools {

/// What mteb computes for zero-shot classification, as scikit-learn does: `accuracy`; `f1`,
/// `precision` and `recall`, unweighted means over the classes that are right or predicted
/// somewhere; the same with `_weighted`, each class counting as often as it is right. A value
/// without denominator is 0. If the first two classes are right somewhere and no other is, also
/// `ap` and `ap_weighted`, the average precision of the second.
/// @param scores [clips, classes] float32. @throws Error as score_classification.
MetricValues zero_shot_metrics(MatrixView scores, const ClassificationTruth& truth);

/// What mteb computes for several labels per clip, over the classes that have a positive clip:
/// `accuracy`, the share of clips all of whose labels are right; `lrap`, label ranking average
/// precision; `f1`, the mean over the classes; `hamming`, the mean over the clips of the right
/// labels' share of those right or predicted (1 where there are none).
/// @param threshold labels with a higher score are predicted.
/// @throws Error as score_tagging.
MetricValues multilabel_metrics(MatrixView scores, const TaggingTruth& truth, double threshold);

}  // namespace claptools
