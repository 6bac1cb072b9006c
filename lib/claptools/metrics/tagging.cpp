#include "claptools/metrics/tagging.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/metrics/descending_order.hpp"
#include "claptools/metrics/metric_list.hpp"

namespace claptools {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Own = TaggingScores;

constexpr std::array<Total<Own>, 9> kTotals{
    {{"macro_map", member<Own, &Own::macro_map>},
     {"macro_map_zero_for_missing", member<Own, &Own::macro_map_zero_for_missing>},
     {"micro_map", member<Own, &Own::micro_map>},
     {"weighted_map", member<Own, &Own::weighted_map>},
     {"mauc", member<Own, &Own::mauc>},
     {"dprime_of_mauc", member<Own, &Own::dprime_of_mauc>},
     {"mean_of_class_dprimes", member<Own, &Own::mean_of_class_dprimes>},
     {"n_clips", member<Own, &Own::clips>},
     {"n_classes", [](const Own& s) { return std::optional<double>(s.per_class.size()); }}}};

struct ClassMetric {
  const char* name;
  std::optional<double> ClassTaggingScores::*of;
};
constexpr std::array<ClassMetric, 3> kClassMetrics{
    {{"per_class_ap", &ClassTaggingScores::ap},
     {"per_class_auc", &ClassTaggingScores::auc},
     {"per_class_dprime", &ClassTaggingScores::dprime}}};

constexpr std::size_t kColumns = 64 / sizeof(float);  // copied together: a row costs a cache line

using Positions = std::vector<std::size_t>;  // rising

/// Memory of one thread, used again from class to class.
struct Buffers {
  std::vector<float> columns;
  std::vector<std::uint32_t> positives, negatives, scratch;
};

/// The positive clips of each class.
std::vector<Positions> transposed(const TaggingTruth& truth, std::size_t classes) {
  std::vector<Positions> clips_of(classes);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    for (const std::size_t c : truth[i]) clips_of[c].push_back(i);
  }
  return clips_of;
}

void append_keys(std::span<const float> scores, const Positions& positives, Buffers& buffers) {
  auto next = positives.begin();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool is_positive = next != positives.end() && *next == i;
    (is_positive ? buffers.positives : buffers.negatives).push_back(falling_key(scores[i]));
    if (is_positive) ++next;
  }
}

/// Columns first .. first + count - 1, one after the other.
void copy_columns(MatrixView scores, std::size_t first, std::size_t count,
                  std::vector<float>& columns) {
  columns.resize(count * scores.rows);
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const float* const row = scores.row(i).data() + first;
    for (std::size_t k = 0; k < count; ++k) columns[k * scores.rows + i] = row[k];
  }
}

/// Calls rank_class(class, its scores, its positive clips, buffers) for the classes that have
/// positive clips, and rank_pairs(buffers).
template <typename RankClass, typename RankPairs>
void rank(MatrixView scores, const TaggingTruth& truth, const TaggingOptions& options,
          const RankClass& rank_class, const RankPairs& rank_pairs) {
  const auto clips_of = transposed(truth, scores.cols);
  const std::size_t blocks = options.by_class ? (scores.cols + kColumns - 1) / kColumns : 0;
  const auto rank_block = [&](std::size_t block, Buffers& buffers) {
    const std::size_t first = block * kColumns;
    const std::size_t count = std::min(kColumns, scores.cols - first);
    copy_columns(scores, first, count, buffers.columns);
    const std::span<const float> columns(buffers.columns);
    for (std::size_t k = 0; k < count; ++k) {
      if (clips_of[first + k].empty()) continue;
      rank_class(first + k, columns.subspan(k * scores.rows, scores.rows), clips_of[first + k],
                 buffers);
    }
  };
  std::atomic<std::size_t> next = options.pooled ? 0 : 1;  // 0: all pairs, the longest task
  const std::size_t threads = std::min(options.threads, blocks + 1);
  parallel_for(threads, static_cast<int>(threads), [&](std::size_t) {
    Buffers buffers;
    for (std::size_t task = 0; (task = next++) <= blocks;) {
      task == 0 ? rank_pairs(buffers) : rank_block(task - 1, buffers);
    }
  });
}

/// The x at which the standard normal distribution reaches `p`, by bisection of its tail.
double inverse_normal_cdf(double p) {
  if (std::isnan(p)) return p;
  const double tail = std::min(p, 1 - p);
  double low = 0;
  double high = 40;  // beyond what a double's tail holds
  if (tail == 0) low = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 64 && tail > 0; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::numbers::sqrt2) / 2 > tail ? low : high) = middle;
  }
  return p < 0.5 ? -low : low;
}

double dprime(double auc) { return std::numbers::sqrt2 * inverse_normal_cdf(auc); }

/// Mean of what is defined, with weights; NaN of nothing.
class Mean {
 public:
  void add(double value, double weight = 1) {
    sum_ += value * weight;
    weights_ += weight;
  }
  double sum() const { return sum_; }
  double value() const { return weights_ == 0 ? kNan : sum_ / weights_; }

 private:
  double sum_ = 0;
  double weights_ = 0;
};

void check(MatrixView scores, const TaggingTruth& truth) {
  if (scores.rows == 0) throw Error(Fault::data, "scores", "no clip");
  if (truth.size() != scores.rows) {
    throw Error(
        Fault::data, "tags",
        std::to_string(truth.size()) + " rows for " + std::to_string(scores.rows) + " clips");
  }
  if (scores.rows * scores.cols >= std::numeric_limits<std::uint32_t>::max() ||
      scores.rows >= std::numeric_limits<std::uint32_t>::max() / 4) {
    throw Error(Fault::data, "scores", "too many");
  }
  bool has_tags = false;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    if (!std::ranges::all_of(scores.row(i), [](float s) { return std::isfinite(s); })) {
      throw Error(Fault::data, "scores", "row " + std::to_string(i) + " is not finite");
    }
    for (const std::size_t c : truth[i]) {
      if (c >= scores.cols) {
        throw Error(Fault::data, "tags", "class " + std::to_string(c) + " does not exist");
      }
      has_tags = true;
    }
  }
  if (!has_tags) throw Error(Fault::data, "tags", "no clip has one");
}

TaggingScores summarise(std::span<const RankingScores> classes, double micro_map,
                        std::size_t clips) {
  TaggingScores result;
  result.clips = clips;
  result.micro_map = micro_map;
  Mean map;
  Mean weighted_map;
  Mean mauc;
  Mean dprimes;
  for (const RankingScores& ranking : classes) {
    ClassTaggingScores& own = result.per_class.emplace_back();
    if (ranking.positives == 0) continue;
    own.ap = ranking.ap;
    map.add(ranking.ap);
    weighted_map.add(ranking.ap, ranking.positives);
    if (ranking.negatives == 0) continue;
    own.auc = ranking.auc;
    own.dprime = dprime(ranking.auc);
    mauc.add(ranking.auc);
    dprimes.add(*own.dprime);
  }
  result.macro_map = map.value();
  result.macro_map_zero_for_missing = map.sum() / static_cast<double>(classes.size());
  result.weighted_map = weighted_map.value();
  result.mauc = mauc.value();
  result.dprime_of_mauc = dprime(result.mauc);
  result.mean_of_class_dprimes = dprimes.value();
  return result;
}

}  // namespace

TaggingScores score_tagging(MatrixView scores, const TaggingTruth& truth,
                            const TaggingOptions& options) {
  check(scores, truth);
  std::vector<RankingScores> classes(scores.cols);
  double micro_map = kNan;
  const auto score = [](Buffers& b) { return score_ranking(b.positives, b.negatives, b.scratch); };
  const auto rank_class = [&](std::size_t c, std::span<const float> column, const Positions& clips,
                              Buffers& buffers) {
    buffers.positives.clear();
    buffers.negatives.clear();
    append_keys(column, clips, buffers);
    classes[c] = score(buffers);
  };
  const auto rank_pairs = [&](Buffers& buffers) {
    buffers.negatives.reserve(scores.rows * scores.cols);
    for (std::size_t i = 0; i < scores.rows; ++i) append_keys(scores.row(i), truth[i], buffers);
    micro_map = score(buffers).ap;
  };
  rank(scores, truth, options, rank_class, rank_pairs);
  return summarise(classes, micro_map, scores.rows);
}

TaggingResampler::TaggingResampler(MatrixView scores, const TaggingTruth& truth,
                                   const TaggingOptions& options)
    : clips_(scores.rows) {
  check(scores, truth);
  classes_.resize(scores.cols);
  const auto rank_class = [&](std::size_t c, std::span<const float> column, const Positions& clips,
                              Buffers&) { classes_[c] = KeptRanking(column, clips, 1); };
  const auto rank_pairs = [&](Buffers&) {
    Positions positives;
    for (std::size_t i = 0; i < scores.rows; ++i) {
      for (const std::size_t c : truth[i]) positives.push_back(i * scores.cols + c);
    }
    pairs_ = KeptRanking({scores.data, scores.rows * scores.cols}, positives, scores.cols);
  };
  rank(scores, truth, options, rank_class, rank_pairs);
}

TaggingScores TaggingResampler::operator()(std::span<const std::size_t> clips) const {
  std::vector<std::uint32_t> copies(clips_);
  for (const std::size_t clip : clips) ++copies[clip];
  std::vector<RankingScores> classes;
  classes.reserve(classes_.size());
  for (const KeptRanking& ranking : classes_) classes.push_back(ranking.scores(copies));
  return summarise(classes, pairs_.scores(copies).ap, clips.size());
}

std::vector<PrecisionRecall> precision_recall(MatrixView scores, const TaggingTruth& truth,
                                              std::optional<std::size_t> class_index) {
  const std::size_t columns = class_index ? 1 : scores.cols;
  std::vector<float> values;
  std::vector<std::uint8_t> is_positive(scores.rows * columns);
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const auto row = scores.row(i);
    if (class_index) values.push_back(row[*class_index]);
    for (const std::size_t c : truth[i]) {
      if (!class_index) is_positive[i * columns + c] = 1;
      if (class_index == c) is_positive[i] = 1;
    }
  }
  const std::span<const float> pooled(scores.data, scores.rows * scores.cols);
  const auto order = descending_order(class_index ? std::span<const float>(values) : pooled);
  const auto all = static_cast<double>(std::ranges::count(is_positive, 1));
  std::vector<PrecisionRecall> curve;
  double found = 0;
  for (std::size_t i = 0; i < order.size();) {
    const double before = found;
    const std::size_t first = i;
    for (; i < order.size() && order[i].ties_with(order[first]); ++i) {
      found += is_positive[order[i].index()];
    }
    if (found > before) curve.push_back({found / all, found / static_cast<double>(i)});
  }
  return curve;
}

std::vector<std::string> tagging_metrics() {
  std::vector<std::string> names;
  append_names(kTotals, names);
  append_names(kClassMetrics, names);
  return names;
}

MetricValues to_metrics(const TaggingScores& scores, std::span<const std::string> classes) {
  MetricValues values;
  append_totals(kTotals, scores, values);
  for (const auto& [metric, member] : kClassMetrics) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const auto& value = scores.per_class[c].*member;
      if (value) values.push_back({metric, classes[c], *value});
    }
  }
  return values;
}

}  // namespace claptools
