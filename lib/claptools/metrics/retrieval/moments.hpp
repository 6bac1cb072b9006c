#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// A part of a recording; times are seconds from its beginning.
struct Moment {
  double start_s = 0;
  double end_s = 0;
  double score = 0;  ///< of a predicted one

  bool operator==(const Moment&) const = default;
};

/// The moments of a recording that a text describes, and those predicted, the best first.
struct MomentQuery {
  std::vector<Moment> relevant;  ///< at least one, each longer than 0
  std::vector<Moment> predicted;
};

/// Moment retrieval, in percent. IoU is the duration of the intersection of two moments over that
/// of their union.
/// - r1@0.5, r1@0.7: queries whose first prediction has an IoU of at least this with a relevant
///   moment.
/// - map@0.5, map@0.75: mean average precision of the first ten predictions, by descending score:
///   each takes the free relevant moment with the highest IoU of at least this; precision is
///   interpolated, that is, the highest at any recall from there on.
/// - map: the mean of it over the thresholds 0.5, 0.55 ... 0.95.
/// A query without predictions has 0. Source: evaluation of QVHighlights (Lei et al., 2021), as
/// lighthouse has it.
struct MomentScores {
  DoubleMatrix values;                      ///< [queries, moment_query_metrics().size()]
  std::size_t relevant = 0, predicted = 0;  ///< moments of all queries
};

/// The metrics of one query, in the order of the columns of MomentScores::values.
std::vector<std::string> moment_query_metrics();

/// @throws Error{data} for no query, or one without a relevant moment.
MomentScores score_moments(std::span<const MomentQuery> queries);

/// Means over the queries drawn, some of them several times.
MetricValues mean_metrics(const MomentScores& scores, std::span<const std::size_t> drawn);

/// Means over all queries, `n_queries`, `n_moments` (relevant) and `n_predictions`.
MetricValues to_metrics(const MomentScores& scores);

/// All names that to_metrics() gives, in its order.
std::vector<std::string> moment_metrics();

}  // namespace claptools
