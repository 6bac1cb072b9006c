#pragma once

#include <memory>
#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"
#include "cmd/eval/gate_options.hpp"
#include "cmd/program/program.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

struct ReportOptions {
  TableOptions table;
  GateArguments gates;
  std::vector<std::string> metrics;  ///< to print; none: all
  std::string junit, plot, html;
  std::string thresholds;                          ///< file to write; may be empty
  std::string threshold_metric = "event_f1_best";  ///< whose thresholds

  bool wants_plots() const { return !plot.empty() || !html.empty(); }
};

/// --metric, gates, --junit, --plot, --report and the options of a table.
void add_report_options(CLI::App& app, ReportOptions& options);

/// --write-thresholds of tagging and detection.
void add_threshold_options(CLI::App& app, ReportOptions& options);

/// --threshold-metric of detection.
void add_threshold_metric(CLI::App& app, ReportOptions& options);

/// Where the metrics go: the columns metric, class and value, or with --json one object
/// {metric: value, ..., "per_class": {metric: {class: value, ...}, ...}, "provenance": {...}} in
/// which "nan", "inf" and "-inf" are strings; and the files asked for.
class MetricReport {
 public:
  /// Finds what is wrong with the options before any work is done.
  /// @param name "clap-eval detection". @param known the metrics there are.
  /// @throws Error{cannot_create} for an output that exists, {usage} for an unknown metric or two
  ///         outputs of one name, {no_input} or {data} for a bad baseline.
  MetricReport(std::string name, const std::vector<std::string>& known,
               const ReportOptions& options, const Program& program);

  /// What must be computed: the metrics to print and those of gates.
  MetricSelection needed() const;

  /// @return 1 if a gate failed, each with a line on standard error, else 0.
  /// @throws Error{usage} for a metric asked for that these data do not give, {data} if there is
  ///         no picture to write, both before anything is printed; {io}, {cannot_create}.
  int write(const Evaluation& evaluation);

 private:
  std::vector<Gate> judged(const Evaluation& evaluation) const;
  MetricValues asked_for(const MetricValues& values) const;
  void announce(const MetricValues& values, const std::vector<Gate>& gates,
                const std::vector<std::string>& missing) const;

  std::string name_;
  const ReportOptions& options_;
  const Program& program_;
  GateOptions gates_;
  std::unique_ptr<TextOutput> junit_, plot_, html_, thresholds_;
};

}  // namespace claptools::cmd
