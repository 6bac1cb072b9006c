#include "claptools/evaluate/compare/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "claptools/core/error.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {
namespace {

constexpr double kLevel = 0.95;

using Key = std::pair<std::string, std::string>;  // metric and class

bool is_bound(const std::string& metric) {
  return metric.ends_with(".ci_low") || metric.ends_with(".ci_high");
}

using SampleIndex = std::map<Key, const MetricSamples*>;

SampleIndex index_of(std::span<const MetricSamples> samples) {
  SampleIndex index;
  for (const MetricSamples& one : samples) index[{one.metric, one.class_name}] = &one;
  return index;
}

/// The difference of a metric in those resamples that define it for both systems.
MetricSamples differences(const MetricSamples& a, const MetricSamples& b) {
  MetricSamples samples{a.metric, a.class_name, {}};
  const std::size_t count = std::min(a.values.size(), b.values.size());
  for (std::size_t i = 0; i < count; ++i) {
    const double difference = b.values[i] - a.values[i];
    if (!std::isnan(difference)) samples.values.push_back(difference);
  }
  return samples;
}

std::optional<PairedBootstrap> test(double observed, MetricSamples samples) {
  const std::size_t count = samples.values.size();
  if (count == 0) return {};
  const auto contradicts = [&](double d) { return observed > 0 ? d <= 0 : d >= 0; };
  const auto against = observed == 0 ? static_cast<std::ptrdiff_t>(count)
                                     : std::ranges::count_if(samples.values, contradicts);
  const MetricInterval interval = interval_of(std::move(samples), kLevel);
  return PairedBootstrap{interval.low, interval.high,
                         static_cast<double>(1 + against) / static_cast<double>(1 + count)};
}

/// Clips of two systems that are the same, by the names that each gives them.
using CommonClips = std::pair<std::vector<std::string>, std::vector<std::string>>;

CommonClips common_clips(const Evaluation& a, const Evaluation& b, NameMatching names) {
  const Lookup lookup(a.clips, "scores", kScoredClip, names);
  std::map<std::size_t, std::string> found;
  for (const std::string& name : b.clips) {
    const auto at = lookup.find_file(name);
    if (at && !found.emplace(*at, name).second) {
      throw Error(Fault::data, "scores",
                  quote_name(name) + " and " + quote_name(found[*at]) + " are the same clip");
    }
  }
  CommonClips common;
  for (const auto& [at, name] : found) {
    common.first.push_back(a.clips[at]);
    common.second.push_back(name);
  }
  return common;
}

/// Evaluates again unless just these clips were drawn from, in this order.
void restrict_to(std::vector<std::string> clips, const Evaluator& evaluate,
                 const EvaluationOptions& options, Evaluation& evaluation) {
  if (clips == evaluation.clips) return;
  EvaluationOptions some = options;
  some.clips = std::move(clips);
  some.log = {};  // what it would say has been said
  evaluation = evaluate(some);
}

}  // namespace

std::vector<ComparedMetric> compare(const MetricValues& a, const MetricValues& b,
                                    std::span<const MetricSamples> a_samples,
                                    std::span<const MetricSamples> b_samples) {
  std::vector<ComparedMetric> rows;
  std::map<Key, std::size_t> index;
  const auto add = [&](const MetricValues& values, std::optional<double> ComparedMetric::*side) {
    for (const MetricValue& v : values) {
      if (is_bound(v.metric)) continue;
      const auto [row, is_new] = index.emplace(Key{v.metric, v.class_name}, rows.size());
      if (is_new) rows.push_back({v.metric, v.class_name, {}, {}, {}, {}});
      rows[row->second].*side = v.value;
    }
  };
  add(a, &ComparedMetric::a);
  add(b, &ComparedMetric::b);
  const SampleIndex of_a = index_of(a_samples), of_b = index_of(b_samples);
  for (ComparedMetric& row : rows) {
    if (!row.a || !row.b || std::isnan(*row.b - *row.a)) continue;
    row.difference = *row.b - *row.a;
    const auto mine = of_a.find({row.metric, row.class_name});
    const auto other = of_b.find({row.metric, row.class_name});
    if (mine != of_a.end() && other != of_b.end())
      row.bootstrap = test(*row.difference, differences(*mine->second, *other->second));
  }
  return rows;
}

std::pair<Evaluation, Evaluation> evaluate_pair(const Evaluator& a, const Evaluator& b,
                                                EvaluationOptions options) {
  options.keep_samples = true;
  std::pair<Evaluation, Evaluation> both{a(options), b(options)};
  if (both.first.clips == both.second.clips) return both;
  CommonClips common = common_clips(both.first, both.second, options.names);
  if (common.first.empty()) throw Error(Fault::data, "scores", "the two have no clip in common");
  restrict_to(std::move(common.first), a, options, both.first);
  restrict_to(std::move(common.second), b, options, both.second);
  return both;
}

}  // namespace claptools
