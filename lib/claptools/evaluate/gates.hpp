#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// A bound on a total.
struct MetricBound {
  std::string metric;
  double value = 0;
};

/// The totals of an earlier result.
struct Baseline {
  std::string name = {};  ///< its file, for messages
  std::map<std::string, double> totals = {};
};

/// What totals must reach.
struct GateOptions {
  std::vector<MetricBound> minimums = {};
  std::vector<MetricBound> max_drops = {};  ///< by how much they may be below the baseline
  Baseline baseline = {};                   ///< of max_drops
  /// Clips without scores; without it, none may lack any.
  std::optional<std::size_t> max_missing = {};
};

/// A condition on a total, and whether it holds.
struct Gate {
  std::string rule;  ///< "top1 >= 0.5"
  bool passed = false;
  std::string verdict;  ///< "top1: 0.4 is below the minimum of 0.5"; also where it passed
};

/// The gate of kMissing. @param example a name of what is missing, for the verdict; may be empty.
Gate judge_missing(std::size_t missing, std::string_view example, std::size_t most);

/// @throws Error{data} naming the baseline if it lacks a metric of max_drops or does not define it.
void check_baseline(const GateOptions& options);

/// The gates in the order of the options; where clips are missing or max_missing is given, that of
/// kMissing comes first. A value that is not defined passes nothing.
/// @param missing the names of clips without scores.
/// @throws Error{usage} naming `minimums` or `max_drops` for no total of that name; {data} as
/// check_baseline().
std::vector<Gate> judge(const GateOptions& options, const MetricValues& values,
                        std::span<const std::string> missing);

}  // namespace claptools
