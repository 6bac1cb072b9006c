#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"
#include "cmd/eval/gate_options.hpp"
#include "cmd/eval/mteb_file.hpp"
#include "cmd/program/program.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

struct ReportOptions {
  TableOptions table;
  GateArguments gates;
  std::vector<std::string> metrics;  ///< to print; none: all
  std::string junit, plot, html;
  std::string thresholds;                          ///< file to write; may be empty
  std::string parameters;                          ///< file to write; may be empty
  std::string threshold_metric = "event_f1_best";  ///< whose thresholds
  MtebArguments mteb;
  std::string predictions;  ///< of moments, to write

  bool wants_plots() const { return !plot.empty() || !html.empty(); }
};

/// --metric, gates, --junit, --plot, --report and the options of a table.
void add_report_options(CLI::App& app, ReportOptions& options);

/// --write-thresholds of tagging and detection.
void add_threshold_options(CLI::App& app, ReportOptions& options);

/// --write-parameters of detection, which needs --tune.
void add_parameter_option(CLI::App& app, ReportOptions& options);

/// --write-predictions of moments, which have no --plot.
void add_prediction_options(CLI::App& app, ReportOptions& options);

/// --threshold-metric of detection.
void add_threshold_metric(CLI::App& app, ReportOptions& options);

/// Whether one object is printed: --json, or a name that ends in .json.
bool wants_object(const TableOptions& options);

/// A value of --json: exact; "nan", "inf" and "-inf" are strings.
nlohmann::ordered_json json_number(double value);

/// A value in a table: six significant digits unless `exact`.
Cell metric_cell(double value, bool exact);

/// Whether a page shows it: all but the parts of F-scores and the intervals of classes, which fill
/// it with columns; they are in the table and the JSON.
bool is_main(const MetricValue& value);
MetricValues main_values(const MetricValues& values);

/// Of two files with one name the later would replace the other; two in one stream would mix.
/// @throws Error{usage}.
void require_distinct(std::vector<std::string> outputs);

/// A line on standard error for each gate that failed, and for what is missing with leave; the
/// annotations of GitHub Actions, where it runs.
void announce_gates(const std::string& name, std::span<const Gate> gates, const Messages& messages);

/// Appends to the summary of GitHub Actions, where it runs.
void append_summary(const std::string& markdown, const Messages& messages);

/// Where the metrics go: the columns metric, class and value, or with --json one object
/// {metric: value, ..., "per_class": {metric: {class: value, ...}, ...}, "provenance": {...}} in
/// which "nan", "inf" and "-inf" are strings; and the files asked for.
class MetricReport {
 public:
  /// Finds what is wrong with the options before any work is done.
  /// @param name "clap-eval detection". @param known the metrics there are. @param task of mteb.
  /// @throws Error{cannot_create} for an output that exists, {usage} for an unknown metric or two
  ///         outputs of one name, {no_input} or {data} for a bad baseline.
  MetricReport(std::string name, const std::vector<std::string>& known,
               const ReportOptions& options, const Program& program,
               std::optional<MtebTask> task = {});

  /// What must be computed: the metrics to print and those of gates.
  MetricSelection needed() const;

  /// @return 1 if a gate failed, each with a line on standard error, else 0.
  /// @throws Error{usage} for a metric asked for that these data do not give, {data} if there is
  ///         no picture to write, both before anything is printed; {io}, {cannot_create}.
  int write(const Evaluation& evaluation);

 private:
  std::vector<Gate> judged(const Evaluation& evaluation) const;
  MetricValues asked_for(const MetricValues& values) const;

  std::string name_;
  const ReportOptions& options_;
  const Program& program_;
  GateOptions gates_;
  std::optional<MtebTask> mteb_task_;
  std::unique_ptr<TextOutput> junit_, plot_, html_, thresholds_, parameters_, mteb_, predictions_;
};

}  // namespace claptools::cmd
