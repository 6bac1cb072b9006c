#include "claptools/metrics/retrieval/judged_retrieval.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>

#include "claptools/core/dot.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/metrics/retrieval/matrix_rows.hpp"

namespace claptools {
namespace {

constexpr std::array<std::size_t, 7> kDepths{1, 3, 5, 10, 20, 100, 1000};
constexpr std::array<const char*, 6> kMeasures{"ndcg",      "map", "recall",
                                               "precision", "mrr", "hit_rate"};
constexpr std::array<std::size_t, 2> kDcaseDepths{10, 16};
constexpr std::size_t kValues = kDepths.size() * kMeasures.size() + kDcaseDepths.size();
constexpr std::size_t kBlock = 64;  // queries whose similarities are computed at a time

/// For each item a number that is larger the earlier it comes among equal similarities.
using Precedence = std::vector<std::uint32_t>;

Precedence precedence_by_id(std::span<const std::string> ids) {
  std::vector<std::uint32_t> order(ids.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t item) -> const std::string& { return ids[item]; });
  Precedence precedence(ids.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) precedence[order[i]] = i;
  return precedence;
}

Precedence precedence_by_position(std::size_t items) {
  Precedence precedence(items);
  std::iota(precedence.begin(), precedence.end(), 0U);
  return precedence;
}

/// A relevant item in the ranking of its query.
struct Ranked {
  float similarity = 0;
  std::uint32_t precedence = 0;
  double relevance = 0;
  std::size_t rank = 0;  ///< from 1
};

bool comes_before(const Ranked& a, const Ranked& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity : a.precedence > b.precedence;
}

/// The relevant items in the order of their ranks. Each item of the row is counted at the first
/// relevant item that it comes before or is: the sum of these counts up to a relevant item is its
/// rank.
std::vector<Ranked> rank(std::span<const float> row, std::span<const RelevantItem> relevant,
                         const Precedence& precedence) {
  std::vector<Ranked> ranked;
  for (const RelevantItem& r : relevant) {
    ranked.push_back({row[r.item], precedence[r.item], r.relevance, 0});
  }
  if (ranked.empty()) return ranked;
  std::ranges::sort(ranked, comes_before);
  const float lowest = ranked.back().similarity;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] < lowest) continue;
    const Ranked item{row[i], precedence[i], 0, 0};
    const auto at = std::ranges::lower_bound(ranked, item, comes_before);
    if (at != ranked.end()) ++at->rank;
  }
  for (std::size_t i = 1; i < ranked.size(); ++i) ranked[i].rank += ranked[i - 1].rank;
  return ranked;
}

/// The sum of relevance / log2(rank + 1) in the first `depth` of an order.
template <class RankOf>
double discounted_gain(std::span<const Ranked> items, std::size_t depth, const RankOf& rank_of) {
  double sum = 0;
  for (std::size_t i = 0; i < items.size() && rank_of(i) <= depth; ++i) {
    sum += items[i].relevance / std::log2(static_cast<double>(rank_of(i) + 1));
  }
  return sum;
}

std::size_t count_within(std::span<const Ranked> ranked, std::size_t depth) {
  const auto is_within = [depth](const Ranked& r) { return r.rank <= depth; };
  return static_cast<std::size_t>(std::ranges::count_if(ranked, is_within));
}

/// The sum of the precision at each relevant item in the first `depth`.
double precision_sum(std::span<const Ranked> ranked, std::size_t depth) {
  double sum = 0;
  for (std::size_t i = 0; i < ranked.size() && ranked[i].rank <= depth; ++i) {
    sum += static_cast<double>(i + 1) / static_cast<double>(ranked[i].rank);
  }
  return sum;
}

/// @param values in the order of judged_query_metrics(); those of DCASE are not set here.
void fill_trec(std::span<const Ranked> ranked, std::span<double> values) {
  std::vector<Ranked> best(ranked.begin(), ranked.end());
  std::ranges::sort(best, std::greater<>{}, &Ranked::relevance);
  const auto relevant = static_cast<double>(ranked.size());
  for (std::size_t d = 0; d < kDepths.size(); ++d) {
    const std::size_t depth = kDepths[d];
    const auto found = static_cast<double>(count_within(ranked, depth));
    const auto put = [&](std::size_t measure, double value) {
      values[measure * kDepths.size() + d] = value;
    };
    put(0, discounted_gain(ranked, depth, [&](std::size_t i) { return ranked[i].rank; }) /
               discounted_gain(best, depth, [](std::size_t i) { return i + 1; }));
    put(1, precision_sum(ranked, depth) / relevant);
    put(2, found / relevant);
    put(3, found / static_cast<double>(depth));
    put(4, found > 0 ? 1 / static_cast<double>(ranked.front().rank) : 0);
    put(5, found > 0 ? 1 : 0);
  }
}

void fill_dcase(std::span<const Ranked> ranked, std::span<double> values) {
  for (std::size_t d = 0; d < kDcaseDepths.size(); ++d) {
    const std::size_t most = std::min(ranked.size(), kDcaseDepths[d]);
    values[kValues - kDcaseDepths.size() + d] =
        precision_sum(ranked, kDcaseDepths[d]) / static_cast<double>(most);
  }
}

/// The rows of some queries, [count, items].
using SimilarityRows = std::function<Matrix(std::span<const std::size_t> queries)>;

JudgedScores score_blocks(const SimilarityRows& similarities, std::span<const std::string> item_ids,
                          const Judgements& judgements, std::size_t threads) {
  const std::size_t queries = judgements.queries.size();
  const Precedence by_id = precedence_by_id(item_ids);
  const Precedence by_position = precedence_by_position(item_ids.size());
  JudgedScores scores{DoubleMatrix(queries, kValues), {}, item_ids.size()};
  std::vector<std::size_t> best(queries);
  const auto score_query = [&](std::size_t query, std::span<const float> row) {
    const auto& relevant = judgements.relevant[query];
    const std::span values{scores.values.data.data() + query * kValues, kValues};
    if (relevant.empty()) return;
    const auto ranked = rank(row, relevant, by_id);
    best[query] = ranked.front().rank;
    fill_trec(ranked, values);
    fill_dcase(rank(row, relevant, by_position), values);
  };
  parallel_for((queries + kBlock - 1) / kBlock, static_cast<int>(threads), [&](std::size_t block) {
    const std::size_t first = block * kBlock;
    const std::size_t count = std::min(kBlock, queries - first);
    const Matrix rows = similarities(std::span(judgements.queries).subspan(first, count));
    for (std::size_t i = 0; i < count; ++i) score_query(first + i, rows.row(i));
  });
  for (const std::size_t rank : best) {
    if (rank > 0) scores.ranks.push_back(rank - 1);
  }
  return scores;
}

void check_items(std::size_t items, std::size_t ids) {
  if (items == ids) return;
  throw Error(Fault::data, "items",
              std::to_string(ids) + " ids for " + std::to_string(items) + " items");
}

}  // namespace

std::vector<std::string> judged_query_metrics() {
  std::vector<std::string> names;
  for (const char* measure : kMeasures) {
    for (const std::size_t depth : kDepths) {
      names.push_back(std::string(measure) + "_at_" + std::to_string(depth));
    }
  }
  for (const std::size_t depth : kDcaseDepths) {
    names.push_back("dcase_map" + std::to_string(depth));
  }
  return names;
}

JudgedScores score_judged(MatrixView similarity, std::span<const std::string> item_ids,
                          const Judgements& judgements, std::size_t threads) {
  check_items(similarity.cols, item_ids.size());
  const auto similarities = [&](std::span<const std::size_t> queries) {
    for (const std::size_t query : queries) {
      check_finite(similarity.row(query), "similarity", query);
    }
    return rows_of(similarity, queries);
  };
  return score_blocks(similarities, item_ids, judgements, threads);
}

JudgedScores score_judged(MatrixView queries, MatrixView items,
                          std::span<const std::string> item_ids, const Judgements& judgements,
                          std::size_t threads) {
  check_items(items.rows, item_ids.size());
  if (queries.cols != items.cols) {
    throw Error(
        Fault::data, "query embeddings",
        "width " + std::to_string(queries.cols) + ", the items' is " + std::to_string(items.cols));
  }
  const Matrix unit_queries = unit_rows_of(queries, "query embeddings");
  const Matrix unit_items = unit_rows_of(items, "item embeddings");
  const auto similarities = [&](std::span<const std::size_t> some) {
    Matrix rows(some.size(), unit_items.rows);
    multiply_transposed(rows_of(unit_queries, some), unit_items, rows.data);
    return rows;
  };
  return score_blocks(similarities, item_ids, judgements, threads);
}

MetricValues mean_metrics(const JudgedScores& scores, std::span<const std::size_t> drawn) {
  std::array<double, kValues> sums{};
  for (const std::size_t query : drawn) {
    const auto row = scores.values.row(query);
    for (std::size_t v = 0; v < kValues; ++v) sums[v] += row[v];
  }
  MetricValues values;
  const auto names = judged_query_metrics();
  for (std::size_t v = 0; v < kValues; ++v) {
    values.push_back({names[v], "", sums[v] / static_cast<double>(drawn.size())});
  }
  return values;
}

MetricValues to_metrics(const JudgedScores& scores) {
  std::vector<std::size_t> all(scores.values.rows);
  std::iota(all.begin(), all.end(), std::size_t{0});
  MetricValues values = mean_metrics(scores, all);
  values.push_back({"n_queries", "", static_cast<double>(scores.values.rows)});
  values.push_back({"n_items", "", static_cast<double>(scores.items)});
  return values;
}

std::vector<std::string> judged_metrics() {
  std::vector<std::string> names = judged_query_metrics();
  names.insert(names.end(), {"n_queries", "n_items"});
  return names;
}

}  // namespace claptools
