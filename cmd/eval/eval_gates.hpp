#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/metrics/metric_value.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// What totals must reach.
struct GateOptions {
  std::vector<std::string> minimums;       ///< "METRIC=VALUE"
  std::vector<std::string> drops;          ///< "METRIC=D", against the baseline
  std::string baseline;                    ///< an earlier result with --json
  std::optional<std::size_t> max_missing;  ///< clips without scores; without it, none may lack any
};

/// --min, --baseline, --max-drop, --max-missing.
void add_gate_options(CLI::App& app, GateOptions& options);

/// The total that counts clips of the truth that have no scores.
inline constexpr const char* kMissing = "n_missing";

/// A condition on a total, and whether it holds.
struct Gate {
  std::string rule;  ///< "top1 >= 0.5"
  bool passed = false;
  std::string verdict;  ///< "top1: 0.4 is below the minimum of 0.5"; also where it passed
};

class Gates {
 public:
  /// @throws Error{no_input} or {data} for a baseline that cannot be read or lacks a metric.
  explicit Gates(const GateOptions& options);

  /// A value that is not defined passes nothing. Clips that are missing have a gate of their own if
  /// there are any or --max-missing is given. @param missing their names.
  /// @throws Error{usage} for no total of that name.
  std::vector<Gate> judge(const MetricValues& values, std::span<const std::string> missing) const;

  /// A bound on a total.
  struct Rule {
    const char* option;  ///< that asks for it
    std::string metric;
    double bound = 0;  ///< least value, or with a baseline the largest drop
    std::optional<double> before;
  };
  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::vector<Rule> rules_;
  std::string baseline_;
  std::optional<std::size_t> max_missing_;
};

/// A test suite with one case a gate. @param name of the suite.
std::string junit_xml(const std::string& name, const std::vector<Gate>& gates);

/// Annotations of the gates that failed, a line each, as GitHub Actions reads them in a log.
std::string github_annotations(const std::string& name, const std::vector<Gate>& gates);

/// Totals and gates as tables in Markdown.
std::string markdown_summary(const std::string& name, const MetricValues& values,
                             const std::vector<Gate>& gates);

}  // namespace claptools::cmd
