#include "claptools/evaluate/intervals.hpp"

#include "claptools/core/error.hpp"
#include "claptools/metrics/bootstrap.hpp"

namespace claptools {
namespace {

/// What stays the same in every resample.
bool is_count(const std::string& metric) {
  return metric.starts_with("n_") || metric.ends_with(".max_efpr");
}

}  // namespace

void add_intervals(MetricValues& values, std::size_t clips,
                   const std::function<MetricValues(std::span<const std::size_t>)>& score,
                   const EvaluationOptions& options) {
  if (options.resamples == 0) return;
  const auto defined = [&](std::span<const std::size_t> drawn) -> MetricValues {
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
  const auto intervals =
      bootstrap_intervals(clips, defined, {options.resamples, options.seed, 0.95, options.threads});
  for (const MetricInterval& interval : intervals) {
    values.push_back({interval.metric + ".ci_low", interval.class_name, interval.low});
    values.push_back({interval.metric + ".ci_high", interval.class_name, interval.high});
  }
}

}  // namespace claptools
