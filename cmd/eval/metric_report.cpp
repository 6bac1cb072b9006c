#include "cmd/eval/metric_report.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/evaluate/ci_reports.hpp"
#include "claptools/evaluate/metric_names.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {
namespace {

void print_object(const MetricValues& values, const ReportRows& provenance,
                  const TableOptions& options) {
  nlohmann::ordered_json object;
  nlohmann::ordered_json per_class;
  for (const MetricValue& v : values) {
    (v.class_name.empty() ? object[v.metric] : per_class[v.metric][v.class_name]) =
        json_number(v.value);
  }
  if (!per_class.empty()) object["per_class"] = per_class;
  for (const auto& [key, value] : provenance) object["provenance"][key] = value;
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  TextOutput output(options.output, options.force);
  output.write(object.dump(-1, ' ', false, kReplace) + "\n");
  output.close();
}

void check_output_name(const TableOptions& options) {
  if (wants_object(options)) return require_fitting_name(options.output, Content::json);
  check_table_name(options);
}

void print_table(const MetricValues& values, const TableOptions& options) {
  TableWriter table(options, {"metric", "class", "value"});
  const bool exact = output_format(options).table == TableFormat::json_lines;
  for (const MetricValue& v : values)
    table.row(std::array{text(v.metric), text(v.class_name), metric_cell(v.value, exact)});
  table.close();
}

std::unique_ptr<TextOutput> open_output(const std::string& path, bool force) {
  return path.empty() ? nullptr : std::make_unique<TextOutput>(path, force);
}

void write_whole(const std::unique_ptr<TextOutput>& output, const std::string& text) {
  if (!output) return;
  output->write(text);
  output->close();
}

/// What read_thresholds() reads.
std::string threshold_lines(const Evaluation& evaluation) {
  std::string lines;
  for (const auto& [label, threshold] : evaluation.thresholds)
    lines += escape_tsv(label) + "\t" + number_text(threshold) + "\n";
  return lines;
}

const char* variable(const char* name) {
  const char* const value = std::getenv(name);
  return value && *value ? value : nullptr;
}

void annotate(const std::string& name, std::span<const Gate> gates) {
  const std::string annotations = github_annotations(name, gates);
  std::fwrite(annotations.data(), 1, annotations.size(), stderr);
}

}  // namespace

bool wants_object(const TableOptions& options) {
  const bool is_typed = options.typed_format && is_given(*options.typed_format);
  return options.json || (ending_of(options.output) == "json" && !is_typed);
}

nlohmann::ordered_json json_number(double value) {
  if (std::isfinite(value)) return value;
  return fmt::format("{}", std::isnan(value) ? std::abs(value) : value);  // never "-nan"
}

Cell metric_cell(double value, bool exact) {
  if (!exact) return {short_number(value), true};
  return number(std::isnan(value) ? std::abs(value) : value);
}

MetricValues main_values(const MetricValues& values) {
  MetricValues kept;
  std::ranges::copy_if(values, std::back_inserter(kept), is_main);
  return kept;
}

bool is_main(const MetricValue& v) {
  const std::string dotted = v.metric + ".";
  const bool is_part = std::ranges::any_of(
      std::array{".p.", ".r.", ".threshold.", ".tps.", ".fps.", ".tns.", ".n_ref."},
      [&](const char* part) { return dotted.find(part) != std::string::npos; });
  const bool is_interval = dotted.ends_with(".ci_low.") || dotted.ends_with(".ci_high.");
  return !is_part && (!is_interval || v.class_name.empty());
}

void require_distinct(std::vector<std::string> outputs) {
  std::erase(outputs, "");
  std::ranges::sort(outputs);
  const auto twin = std::ranges::adjacent_find(outputs);
  if (twin != outputs.end()) throw Error(Fault::usage, *twin, "is the name of two outputs");
}

void announce_gates(const std::string& name, std::span<const Gate> gates,
                    const Messages& messages) {
  for (const Gate& gate : gates) {
    if (!gate.passed) messages.error(gate.verdict);
    const bool warns = gate.passed && gate.rule.find(kMissing) != std::string::npos &&
                       gate.verdict.find("without scores") != std::string::npos;
    if (warns) messages.warn(gate.verdict);
  }
  if (variable("GITHUB_ACTIONS")) annotate(name, gates);
}

void append_summary(const std::string& markdown, const Messages& messages) {
  const char* const summary = variable("GITHUB_STEP_SUMMARY");
  if (!variable("GITHUB_ACTIONS") || !summary) return;
  std::ofstream file(summary, std::ios::app);
  if (!(file << markdown << std::flush))
    messages.warn(std::string(summary) + ": cannot be written");
}

void add_report_options(CLI::App& app, ReportOptions& options) {
  const auto add = [&app](const char* name, std::string& path, const char* text) {
    app.add_option(name, path, text)->type_name("FILE");
  };
  app.add_option("--metric", options.metrics, "print and compute only this metric; may be repeated")
      ->type_name("NAME")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_gate_options(app, options.gates);
  add("--junit", options.junit, "results of --min and --max-drop as XML");
  add("--plot", options.plot, "plot of the result, SVG");
  add("--report", options.html, "page with metrics and plots, HTML");
  add_table_options(app, options.table);
  app.get_option("--json")->description("one JSON object instead of a table");
}

void add_threshold_options(CLI::App& app, ReportOptions& options) {
  app.add_option("--write-thresholds", options.thresholds,
                 "the threshold of each class with its highest F1, for clap-classify --thresholds")
      ->type_name("FILE");
}

void add_parameter_option(CLI::App& app, ReportOptions& options) {
  app.add_option("--write-parameters", options.parameters,
                 "the parameters that --tune chose, for --post-parameters")
      ->type_name("FILE")
      ->needs("--tune");
}

void add_prediction_options(CLI::App& app, ReportOptions& options) {
  app.remove_option(app.get_option("--plot"));
  app.add_option("--write-predictions", options.predictions,
                 "the predictions as JSON Lines, one line per query")
      ->type_name("FILE");
}

void add_threshold_metric(CLI::App& app, ReportOptions& options) {
  app.add_option("--threshold-metric", options.threshold_metric,
                 "whose thresholds: event_f1_best (default), event_f1_onset_only_best, "
                 "segment_f1_best or intersection_f1_best")
      ->type_name("NAME")
      ->needs("--write-thresholds")
      ->check(one_of({"event_f1_best", "event_f1_onset_only_best", "segment_f1_best",
                      "intersection_f1_best"}));
}

MetricReport::MetricReport(std::string name, const std::vector<std::string>& known,
                           const ReportOptions& options, const Program& program,
                           std::optional<MtebTask> task)
    : name_(std::move(name)),
      options_(options),
      program_(program),
      gates_(read_gates(options.gates)),
      mteb_task_(std::move(task)) {
  for (const std::string& metric : options.metrics) require_known(metric, "--metric", known);
  for (const auto& [metric, least] : gates_.minimums) require_known(metric, "--min", known);
  for (const auto& [metric, drop] : gates_.max_drops) require_known(metric, "--max-drop", known);
  require_distinct({options.table.output, options.junit, options.plot, options.html,
                    options.thresholds, options.parameters, options.mteb.file,
                    options.predictions});
  check_output_name(options.table);
  require_fitting_name(options.junit, Content::test_results);
  require_fitting_name(options.plot, Content::picture);
  require_fitting_name(options.html, Content::page);
  require_fitting_name(options.thresholds, Content::table);
  require_fitting_name(options.parameters, Content::table);
  require_fitting_name(options.mteb.file, Content::json);
  require_fitting_name(options.predictions, Content::json_lines);
  const bool force = options.table.force;
  thresholds_ = open_output(options.thresholds, force);
  parameters_ = open_output(options.parameters, force);
  junit_ = open_output(options.junit, force);
  plot_ = open_output(options.plot, force);
  html_ = open_output(options.html, force);
  mteb_ = open_output(options.mteb.file, force);
  predictions_ = open_output(options.predictions, force);
  TextOutput(options.table.output, force);  // only to see that it can be made
}

MetricSelection MetricReport::needed() const {
  std::vector<std::string> names = options_.metrics;
  if (names.empty()) return {};
  for (const auto& bounds : {gates_.minimums, gates_.max_drops}) {
    for (const MetricBound& bound : bounds) names.push_back(bound.metric);
  }
  if (thresholds_) names.push_back(options_.threshold_metric);
  return MetricSelection(names);
}

int MetricReport::write(const Evaluation& evaluation) {
  const std::vector<Gate> gates = judged(evaluation);
  const MetricValues values = asked_for(evaluation.values);
  if (plot_ && evaluation.plots.empty()) {
    throw Error(Fault::data, options_.plot, "no PSDS is defined, so there is nothing to draw");
  }
  write_whole(predictions_, evaluation.predictions);
  write_whole(mteb_, mteb_task_ ? mteb_json(*mteb_task_, evaluation) : "");
  write_whole(thresholds_, threshold_lines(evaluation));
  write_whole(parameters_, csebbs_table(evaluation.boxes));
  write_whole(junit_, junit_xml(name_, gates));
  if (plot_) write_whole(plot_, evaluation.plots.front().svg);
  if (html_) {
    write_whole(html_,
                html_page({name_, evaluation.provenance, main_values(values), evaluation.plots}));
  }
  wants_object(options_.table) ? print_object(values, evaluation.provenance, options_.table)
                               : print_table(values, options_.table);
  announce_gates(name_, gates, program_.messages);
  append_summary(markdown_summary(name_, main_values(values), gates), program_.messages);
  return std::ranges::all_of(gates, &Gate::passed) ? 0 : 1;
}

std::vector<Gate> MetricReport::judged(const Evaluation& evaluation) const {
  std::vector<Gate> gates = judge(gates_, evaluation.values, evaluation.missing);
  const std::size_t missing = evaluation.missing.size();
  if (missing > 0 && !gates.front().passed) {
    gates.front().verdict += fmt::format("; --max-missing {} lets them pass", missing);
  }
  return gates;
}

MetricValues MetricReport::asked_for(const MetricValues& values) const {
  for (const std::string& name : options_.metrics) {
    const bool is_there = std::ranges::any_of(
        values, [&](const MetricValue& v) { return is_part_of(v.metric, name); });
    if (!is_there) throw Error(Fault::usage, "--metric", "these data give no '" + name + "'");
  }
  const MetricSelection asked(options_.metrics);
  MetricValues kept;
  std::ranges::copy_if(values, std::back_inserter(kept),
                       [&](const MetricValue& v) { return asked.has(v.metric); });
  return kept;
}

}  // namespace claptools::cmd
