#include "cmd/eval/compare_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/evaluate/ci_reports.hpp"
#include "claptools/evaluate/metric_names.hpp"
#include "claptools/report/difference_plot.hpp"
#include "cmd/eval/compared_task.hpp"
#include "cmd/eval/gate_options.hpp"
#include "cmd/eval/metric_report.hpp"
#include "cmd/options/arguments.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"

namespace claptools::cmd {
namespace {

constexpr const char* kName = "clap-eval compare";

struct CompareOptions {
  std::string a, b, task, junit, plot;
  std::vector<std::string> metrics, drops;
  std::optional<std::size_t> max_missing;
  bool markdown = false;
  TableOptions table;
  std::map<std::string, ComparedTask> tasks = compared_tasks();
  std::unique_ptr<TaskOptions> of_tasks;
};

/// What there is to compare of one system.
struct Side {
  std::string name;  ///< its file
  MetricValues values;
  std::vector<MetricSamples> samples = {};
  std::size_t missing = 0;
  std::string missing_example = {};
};

struct Compared {
  Side a, b;
  ReportRows provenance;
  std::string note;  ///< beneath a table in Markdown
};

Compared compare_results(const CompareOptions& options) {
  if (const std::string option = options.of_tasks->first(); !option.empty())
    throw Error(Fault::usage, option, "needs --task, and the scores of two systems");
  const auto side = [](const std::string& file) {
    Side read{file, read_result(file)};
    for (const MetricValue& v : read.values)
      if (v.metric == kMissing && v.value > 0) read.missing = static_cast<std::size_t>(v.value);
    return read;
  };
  Compared compared{side(options.a), side(options.b), {}, ""};
  for (const std::string& metric : options.metrics) {
    std::vector<std::string> known;
    for (const Side* one : {&compared.a, &compared.b})
      for (const MetricValue& v : one->values) known.push_back(v.metric);
    std::ranges::sort(known);
    known.erase(std::ranges::unique(known).begin(), known.end());
    require_known(metric, "--metric", known);
  }
  return compared;
}

MetricSelection wanted_metrics(const CompareOptions& options, const GateOptions& gates,
                               const std::vector<std::string>& known) {
  for (const std::string& metric : options.metrics) require_known(metric, "--metric", known);
  for (const auto& [metric, drop] : gates.max_drops) require_known(metric, "--max-drop", known);
  std::vector<std::string> names = options.metrics;
  if (names.empty()) return {};
  for (const auto& [metric, drop] : gates.max_drops) names.push_back(metric);
  return MetricSelection(names);
}

Side side_of(const std::string& file, Evaluation&& evaluation) {
  Side side{file, std::move(evaluation.values), std::move(evaluation.samples),
            evaluation.missing.size(), ""};
  if (side.missing > 0) side.missing_example = evaluation.missing[0];
  return side;
}

Compared compare_scores(const CompareOptions& options, const GateOptions& gates,
                        const Program& program) {
  const ComparedTask& task = options.tasks.at(options.task);
  options.of_tasks->parse_for(options.task, task, options.a);
  std::vector<std::string> inputs{options.a, options.b};
  for (const auto& [kind, file] : task.files()) inputs.push_back(file);
  if (std::ranges::count(inputs, "-") > 0)
    throw Error(Fault::usage, "compare", "standard input cannot be read twice: name files");
  for (const std::string& output : {options.table.output, options.junit, options.plot})
    require_no_input(output, inputs);
  EvaluationOptions how = task.options();
  how.metrics = wanted_metrics(options, gates, task.metrics());
  how.tolerate_missing = options.max_missing.has_value();
  how.log = program.messages.log();
  how.threads = static_cast<std::size_t>(program.threads);
  const auto evaluator = [&](const std::string& file) {
    return [&task, file](const EvaluationOptions& own) { return task.evaluate(file, own); };
  };
  auto [a, b] = evaluate_pair(evaluator(options.a), evaluator(options.b), how);
  ReportRows rows{{"task", options.task}};
  for (const auto& row : task.files()) rows.push_back(row);
  rows.insert(rows.end(), {{"clips", std::to_string(a.clips.size())},
                           {"resamples", std::to_string(how.resamples)},
                           {"seed", std::to_string(how.seed.value_or(1))}});
  return {side_of(options.a, std::move(a)), side_of(options.b, std::move(b)), rows,
          fmt::format("{} paired resamples, seed {}; * p < 0.05.", how.resamples,
                      how.seed.value_or(1))};
}

/// A is the baseline of B; each may have no more missing than is allowed.
std::vector<Gate> judge_both(GateOptions gates, const Compared& compared) {
  std::vector<Gate> judged;
  for (const Side* side : {&compared.a, &compared.b}) {
    if (!gates.max_missing && side->missing == 0) continue;
    Gate gate = judge_missing(side->missing, side->missing_example, gates.max_missing.value_or(0));
    gate.rule = side->name + ": " + gate.rule;
    gate.verdict = side->name + ": " + gate.verdict;
    judged.push_back(std::move(gate));
  }
  gates.max_missing.reset();
  gates.baseline.name = compared.a.name;
  for (const MetricValue& v : compared.a.values)
    if (v.class_name.empty()) gates.baseline.totals[v.metric] = v.value;
  check_baseline(gates);
  const auto drops = judge(gates, compared.b.values, {});
  judged.insert(judged.end(), drops.begin(), drops.end());
  return judged;
}

nlohmann::ordered_json json_of(const std::optional<double>& value) {
  return value ? json_number(*value) : nlohmann::ordered_json();
}

nlohmann::ordered_json to_object(const ComparedMetric& row) {
  nlohmann::ordered_json object{
      {"a", json_of(row.a)}, {"b", json_of(row.b)}, {"difference", json_of(row.difference)}};
  if (row.bootstrap) {
    object["ci_low"] = json_number(row.bootstrap->low);
    object["ci_high"] = json_number(row.bootstrap->high);
    object["p"] = row.bootstrap->p;
  }
  return object;
}

std::string object_text(const std::vector<ComparedMetric>& rows, const Compared& compared,
                        const Program& program) {
  nlohmann::ordered_json object, per_class;
  for (const ComparedMetric& row : rows) {
    (row.class_name.empty() ? object[row.metric] : per_class[row.metric][row.class_name]) =
        to_object(row);
  }
  if (!per_class.empty()) object["per_class"] = per_class;
  auto& provenance = object["provenance"];
  provenance = {{"tool", program.tool()},
                {"command", program.command_line},
                {"a", compared.a.name},
                {"b", compared.b.name}};
  for (const auto& [key, value] : compared.provenance) provenance[key] = value;
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void print_table(const std::vector<ComparedMetric>& rows, const TableOptions& options) {
  TableWriter table(options, {"metric", "class", "a", "b", "difference", "ci_low", "ci_high", "p"});
  const bool exact = output_format(options).table == TableFormat::json_lines;
  const auto cell = [exact](const std::optional<double>& value) {
    return value ? metric_cell(*value, exact) : text("");
  };
  for (const ComparedMetric& row : rows) {
    std::optional<double> low, high, p;
    if (row.bootstrap) low = row.bootstrap->low, high = row.bootstrap->high, p = row.bootstrap->p;
    table.row(std::array{text(row.metric), text(row.class_name), cell(row.a), cell(row.b),
                         cell(row.difference), cell(low), cell(high), cell(p)});
  }
  table.close();
}

/// Totals that a page shows and that are no counts.
std::string plot_of(const std::vector<ComparedMetric>& rows, const Compared& compared) {
  DifferencePlot plot{compared.a.name, compared.b.name, {}};
  for (const ComparedMetric& row : rows) {
    const bool shown = row.difference && row.class_name.empty() && is_main({row.metric, "", 0}) &&
                       !row.metric.starts_with("n_");
    if (!shown) continue;
    DifferenceRow& drawn = plot.rows.emplace_back();
    drawn = {row.metric, *row.a, *row.b, {}, {}, {}};
    if (!row.bootstrap) continue;
    drawn.low = row.bootstrap->low;
    drawn.high = row.bootstrap->high;
    drawn.p = row.bootstrap->p;
  }
  return difference_plot(plot);
}

bool wants_markdown(const CompareOptions& options) {
  const bool is_typed = options.table.typed_format && is_given(*options.table.typed_format);
  const bool is_named = ending_of(options.table.output) == "md";
  return options.markdown || (is_named && !options.table.json && !is_typed);
}

void check_outputs(const CompareOptions& options) {
  require_distinct({options.table.output, options.junit, options.plot});
  if (wants_markdown(options)) {
    require_fitting_name(options.table.output, "Markdown", " md txt text ", "name it .md");
  } else if (wants_object(options.table)) {
    require_fitting_name(options.table.output, Content::json);
  } else {
    check_table_name(options.table);
  }
  require_fitting_name(options.junit, Content::test_results);
  require_fitting_name(options.plot, Content::picture);
  for (const std::string& path : {options.table.output, options.junit, options.plot}) {
    require_no_input(path, {options.a, options.b});
    if (!path.empty()) TextOutput(path, options.table.force);  // to see that it can be made
  }
}

void write_text(const std::string& path, bool force, const std::string& text) {
  if (path.empty()) return;
  TextOutput output(path, force);
  output.write(text);
  output.close();
}

int run(const CompareOptions& options, const Program& program) {
  check_outputs(options);
  GateOptions gates;
  gates.max_drops = read_bounds(options.drops);
  gates.max_missing = options.max_missing;
  const Compared compared =
      options.task.empty() ? compare_results(options) : compare_scores(options, gates, program);
  const std::vector<Gate> judged = judge_both(gates, compared);
  std::vector<ComparedMetric> rows =
      compare(compared.a.values, compared.b.values, compared.a.samples, compared.b.samples);
  const MetricSelection asked(options.metrics);
  std::erase_if(rows, [&](const ComparedMetric& row) { return !asked.has(row.metric); });
  const bool force = options.table.force;
  write_text(options.junit, force, junit_xml(kName, judged));
  if (!options.plot.empty()) write_text(options.plot, force, plot_of(rows, compared));
  const std::string markdown =
      markdown_comparison(compared.a.name, compared.b.name, rows, compared.note);
  if (wants_markdown(options)) {
    write_text(options.table.output, force, markdown);
  } else if (wants_object(options.table)) {
    write_text(options.table.output, force, object_text(rows, compared, program));
  } else {
    print_table(rows, options.table);
  }
  announce_gates(kName, judged, program.messages);
  append_summary("### " + std::string(kName) + "\n\n" + markdown + "\n", program.messages);
  return std::ranges::all_of(judged, &Gate::passed) ? 0 : 1;
}

void add_outputs(CLI::App& app, CompareOptions& options) {
  app.add_option("--junit", options.junit, "results of --max-drop and --max-missing as XML")
      ->type_name("FILE");
  app.add_option("--plot", options.plot, "plot of the differences, SVG")->type_name("FILE");
  add_table_options(app, options.table);
  app.get_option("--json")->description("one JSON object instead of a table");
  app.add_flag("--markdown", options.markdown, "a table in Markdown")
      ->excludes("--json")
      ->excludes("--format");
}

}  // namespace

Action add_compare(CLI::App& app, const Program& program) {
  const auto options = std::make_shared<CompareOptions>();
  CLI::App* const command = app.add_subcommand("compare", "Two results, or two systems' scores.");
  command->add_option("A", options->a, "result of --json; with --task a score file")->required();
  command->add_option("B", options->b, "the other one")->required();
  std::vector<std::string> names;
  for (const auto& [name, task] : options->tasks) names.push_back(name);
  command->add_option("--task", options->task, join(names, ", ") + ": compare scores")
      ->type_name("NAME")
      ->check(one_of(names));
  options->of_tasks = std::make_unique<TaskOptions>(*command, options->tasks);
  command->get_option("--truth")->description("ground truth of --task");
  command->add_option("--metric", options->metrics, "compare only this metric; may be repeated")
      ->type_name("NAME")
      ->expected(1)
      ->allow_extra_args(false)  // what follows a value is an argument
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_bounds(*command, "--max-drop", options->drops, "METRIC=D",
             "exit with 1 if B is lower than A by more than D");
  add_number(*command, "--max-missing", options->max_missing, WholeRange{},
             "exit with 1 if more clips are missing in A or B (0)", "N");
  add_outputs(*command, *options);
  return [options, &program] { return run(*options, program); };
}

}  // namespace claptools::cmd
