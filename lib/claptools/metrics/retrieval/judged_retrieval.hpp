#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/retrieval/judgements.hpp"

namespace claptools {

/// Retrieval with any number of relevant items per query, in grades. The metrics of a query whose
/// relevant items have the ranks r (from 1) and the relevance g, for k of 1, 3, 5, 10, 20, 100,
/// 1000:
/// - ndcg_at_k: the sum of g / log2(r + 1) over r <= k, divided by the same sum of the best order;
/// - map_at_k: the sum of the precision at each r <= k, divided by the number of relevant items;
/// - recall_at_k: the share of the relevant items with r <= k;
/// - precision_at_k: their number divided by k;
/// - mrr_at_k: 1 / the best r, if it is <= k, else 0;
/// - hit_rate_at_k: whether any r is <= k;
/// - dcase_map10, dcase_map16: as map_at_k, divided by min(number of relevant items, k).
/// All are 0 for a query without relevant items. Source: trec_eval 9.0, as mteb 2.26 uses it; DCASE
/// 2025 task 6 for the last.
///
/// Equal similarities are in the order of the items' ids, descending by bytes; for dcase_map* the
/// later item comes first.
struct JudgedScores {
  DoubleMatrix values;             ///< [queries judged, judged_query_metrics().size()]
  std::vector<std::size_t> ranks;  ///< from 0, the best of each query that has relevant items
  std::size_t items = 0;
};

/// The metrics of one query, in the order of the columns of JudgedScores::values.
std::vector<std::string> judged_query_metrics();

/// @param similarity [queries, items] float32. @param item_ids as many as there are items.
/// @throws Error{data} naming the row for a similarity that is not finite.
JudgedScores score_judged(MatrixView similarity, std::span<const std::string> item_ids,
                          const Judgements& judgements, std::size_t threads = 1);

/// The same on cosines, in blocks: memory does not grow with queries times items.
/// @param queries [queries, D], @param items [items, D] float32, normalised here.
/// @throws Error{data} also for a row that is zero or not finite, and for different widths.
JudgedScores score_judged(MatrixView queries, MatrixView items,
                          std::span<const std::string> item_ids, const Judgements& judgements,
                          std::size_t threads = 1);

/// Means over the queries drawn, positions among those judged, some of them several times.
MetricValues mean_metrics(const JudgedScores& scores, std::span<const std::size_t> drawn);

/// Means over all queries judged, `n_queries` (judged) and `n_items`.
MetricValues to_metrics(const JudgedScores& scores);

/// All names that to_metrics() gives, in its order.
std::vector<std::string> judged_metrics();

}  // namespace claptools
