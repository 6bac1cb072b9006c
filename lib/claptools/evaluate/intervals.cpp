#include "claptools/evaluate/intervals.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "claptools/core/error.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/bootstrap.hpp"

namespace claptools {
namespace {

/// What stays the same in every resample.
bool is_count(const std::string& metric) {
  return metric.starts_with("n_") || metric.ends_with(".max_efpr");
}

/// The metrics that are asked for and vary; none for a resample that is refused.
ResampleScore defined(const ResampleScore& score, const EvaluationOptions& options) {
  return [&](std::span<const std::size_t> drawn) -> MetricValues {
    try {
      MetricValues own = score(drawn);
      std::erase_if(own, [&](const MetricValue& v) {
        return is_count(v.metric) || !options.metrics.has(v.metric);
      });
      return own;
    } catch (const Error& error) {
      if (error.fault() == Fault::data) return {};
      throw;
    }
  };
}

/// The same for positions in an order.
ResampleScore in_order(const ResampleScore& score, const std::vector<std::size_t>& order) {
  return [&](std::span<const std::size_t> drawn) {
    std::vector<std::size_t> clips(drawn.begin(), drawn.end());
    for (std::size_t& clip : clips) clip = order[clip];
    return score(clips);
  };
}

bool is_balanced(const EvaluationOptions& options) {
  return options.resampling == ResamplingScheme::balanced;
}

BootstrapOptions bootstrap_options(const EvaluationOptions& options) {
  return {options.resamples, options.seed.value_or(is_balanced(options) ? 0 : 1),
          options.level.value_or(is_balanced(options) ? 0.9 : 0.95), options.threads,
          options.resampling};
}

std::vector<std::size_t> positions_by_name(std::span<const std::string> names) {
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) -> const std::string& { return names[i]; });
  return order;
}

std::vector<std::size_t> positions_of(std::span<const std::string> wanted,
                                      std::span<const std::string> names) {
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < names.size(); ++i) index.emplace(names[i], i);
  std::vector<std::size_t> order;
  for (const std::string& name : wanted) {
    const auto at = index.find(name);
    if (at == index.end()) throw Error(Fault::data, "scores", "there is no " + quote_name(name));
    order.push_back(at->second);
  }
  return order;
}

void keep_samples(Evaluation& evaluation, std::span<const std::string> names,
                  const ResampleScore& score, const EvaluationOptions& options) {
  const std::vector<std::size_t> order =
      options.clips.empty() ? positions_by_name(names) : positions_of(options.clips, names);
  evaluation.clips = some_of(names, order);
  if (order.size() < names.size()) evaluation.values = score(order);
  const ResampleScore of_drawn = in_order(score, order);
  evaluation.samples =
      bootstrap_samples(order.size(), defined(of_drawn, options), bootstrap_options(options));
}

}  // namespace

void add_intervals(MetricValues& values, std::size_t clips, const ResampleScore& score,
                   const EvaluationOptions& options) {
  if (options.resamples == 0) return;
  const auto intervals =
      bootstrap_intervals(clips, defined(score, options), bootstrap_options(options));
  for (const MetricInterval& interval : intervals) {
    values.push_back({interval.metric + ".ci_low", interval.class_name, interval.low});
    values.push_back({interval.metric + ".ci_high", interval.class_name, interval.high});
  }
}

void add_intervals(Evaluation& evaluation, std::span<const std::string> names,
                   const ResampleScore& score, const EvaluationOptions& options) {
  if (options.keep_samples) return keep_samples(evaluation, names, score, options);
  if (!is_balanced(options)) return add_intervals(evaluation.values, names.size(), score, options);
  const std::vector<std::size_t> order = positions_by_name(names);
  add_intervals(evaluation.values, names.size(), in_order(score, order), options);
}

}  // namespace claptools
