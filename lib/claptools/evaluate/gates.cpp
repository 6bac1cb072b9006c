#include "claptools/evaluate/gates.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/evaluate/evaluation.hpp"
#include "claptools/metrics/lookup.hpp"

namespace claptools {
namespace {

/// Metrics are the same to this when they are computed on another machine.
constexpr double kTolerance = 1e-9;

double total_of(const MetricValues& values, const std::string& metric, const char* subject) {
  const auto found = std::ranges::find_if(
      values, [&](const MetricValue& v) { return v.class_name.empty() && v.metric == metric; });
  if (found == values.end()) {
    throw Error(Fault::usage, subject, "there is no metric '" + metric + "'");
  }
  return found->value;
}

double total_of(const Baseline& baseline, const std::string& metric) {
  const auto found = baseline.totals.find(metric);
  if (found == baseline.totals.end() || std::isnan(found->second)) {
    throw Error(Fault::data, baseline.name, "has no total '" + metric + "' that is defined");
  }
  return found->second;
}

Gate judge_minimum(const MetricBound& minimum, double value) {
  const std::string bound = number_text(minimum.value);
  const bool passed = value >= minimum.value;
  return {minimum.metric + " >= " + bound, passed,
          minimum.metric + ": " + number_text(value) + " is " + (passed ? "not below" : "below") +
              " the minimum of " + bound};
}

Gate judge_drop(const MetricBound& drop, double value, double before, const std::string& baseline) {
  const std::string from = number_text(before), by = number_text(drop.value);
  const bool passed = value >= before - drop.value - kTolerance;
  return {drop.metric + " >= " + from + " - " + by + " (" + baseline + ")", passed,
          drop.metric + ": " + number_text(value) + " is " + (passed ? "not more" : "more") +
              " than " + by + " below the " + from + " of " + baseline};
}

}  // namespace

Gate judge_missing(std::size_t missing, std::string_view example, std::size_t most) {
  const std::string bound = std::to_string(most);
  const bool passed = missing <= most;
  std::string verdict = std::string(kMissing) + ": " + std::to_string(missing) + " is " +
                        (passed ? "not above" : "above") + " the maximum of " + bound;
  if (!example.empty()) verdict += "; without scores: " + quote_name(example);
  if (!example.empty() && missing > 1) verdict += " and others";
  return {std::string(kMissing) + " <= " + bound, passed, verdict};
}

void check_baseline(const GateOptions& options) {
  for (const MetricBound& drop : options.max_drops) total_of(options.baseline, drop.metric);
}

std::vector<Gate> judge(const GateOptions& options, const MetricValues& values,
                        std::span<const std::string> missing) {
  std::vector<Gate> gates;
  if (options.max_missing || !missing.empty()) {
    gates.push_back(judge_missing(missing.size(), missing.empty() ? "" : missing[0],
                                  options.max_missing.value_or(0)));
  }
  for (const MetricBound& minimum : options.minimums) {
    gates.push_back(judge_minimum(minimum, total_of(values, minimum.metric, "`minimums`")));
  }
  for (const MetricBound& drop : options.max_drops) {
    gates.push_back(judge_drop(drop, total_of(values, drop.metric, "`max_drops`"),
                               total_of(options.baseline, drop.metric), options.baseline.name));
  }
  return gates;
}

}  // namespace claptools
