// clap-eval: scores or embeddings and ground truth -> metrics.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>

#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/grounding.hpp"
#include "claptools/metrics/tagging.hpp"
#include "cmd/eval/eval_metrics.hpp"
#include "cmd/eval/eval_tasks.hpp"
#include "cmd/eval/metric_report.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/run_main.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {
    "clap-eval", "Compute metrics of scores or embeddings against ground truth.",
    "  clap-eval classification --scores scores.h5 --truth labels.csv --min top1=0.5\n"
    "  clap-eval retrieval --audio a.h5 --text t.h5 --truth captions.csv --json\n"
    "  clap-eval detection --scores scores.h5 --truth events.tsv --durations durations.tsv \\\n"
    "    --median 3 --report result.html"};

struct Task {
  const char* name;
  const char* summary;
  void (*add_options)(CLI::App& app, EvalOptions& options);
  std::vector<std::string> (*metrics)(const EvalOptions& options);
  Evaluation (*evaluate)(const EvalOptions& options);
};

constexpr std::array<Task, 6> kTasks{{
    {"classification", "Clips with exactly one correct class.", add_classification_options,
     [](const EvalOptions&) { return classification_metrics(); }, evaluate_classification},
    {"tagging", "Clips with any number of correct classes.", add_tagging_options,
     [](const EvalOptions&) { return tagging_metrics(); }, evaluate_tagging},
    {"retrieval", "Text to audio and audio to text.", add_retrieval_options,
     [](const EvalOptions&) { return retrieval_metrics(); }, evaluate_retrieval},
    {"detection", "Sound events, from frame scores or lists of events.", add_detection_options,
     detection_metrics, evaluate_detection},
    {"grounding", "When each phrase is heard in its recording.", add_grounding_options,
     [](const EvalOptions&) { return grounding_metrics(); }, evaluate_grounding},
    {"scenes", "Clips with exactly one correct scene (mACC).", add_classification_options,
     [](const EvalOptions&) { return classification_metrics(); }, evaluate_scenes},
}};

/// The files that went in, and who made of them what.
void add_provenance(Evaluation& evaluation, const Task& task, const EvalOptions& options,
                    const Program& program) {
  Provenance provenance{
      {"tool", program.tool()}, {"command", program.command_line}, {"task", task.name}};
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) provenance.emplace_back(name, value);
  };
  add("scores", options.scores);
  for (const std::string& events : options.events) {
    const auto [threshold, file] = split_assignment(events).value();
    add("events " + threshold, file);
  }
  add("embeddings", options.embeddings);
  add("audio", options.audio);
  add("text", options.text);
  add("truth", options.truth);
  add("durations", options.durations);
  evaluation.provenance.insert(evaluation.provenance.begin(), provenance.begin(), provenance.end());
}

struct Options {
  EvalOptions eval;
  ReportOptions report;
};

void check_files(const EvalOptions& in, const ReportOptions& out) {
  const std::vector<std::string> inputs = {in.scores, in.truth, in.durations,      in.embeddings,
                                           in.audio,  in.text,  out.gates.baseline};
  require_one_stream(inputs);
  for (const std::string& output : {out.table.output, out.junit, out.plot, out.html})
    require_no_input(output, inputs);
}

int run(const Task& task, Options& options, const Program& program) {
  check_files(options.eval, options.report);
  std::vector<std::string> metrics = task.metrics(options.eval);
  metrics.emplace_back(kMissing);
  MetricReport report(std::string(kTool.name) + " " + task.name, metrics, options.report, program);
  options.eval.metrics = report.needed();
  options.eval.wants_plots = options.report.wants_plots();
  options.eval.tolerate_missing = options.report.gates.max_missing.has_value();
  options.eval.log = program.messages.log();
  options.eval.threads = static_cast<std::size_t>(program.threads);
  Evaluation evaluation = task.evaluate(options.eval);
  evaluation.values.push_back({kMissing, "", static_cast<double>(evaluation.missing.size())});
  add_provenance(evaluation, task, options.eval, program);
  return report.write(evaluation);
}

Action setup(CLI::App& app, const Program& program) {
  const auto options = std::make_shared<Options>();
  app.require_subcommand(1);
  for (const Task& task : kTasks) {
    CLI::App* const command = app.add_subcommand(task.name, task.summary);
    task.add_options(*command, options->eval);
    add_report_options(*command, options->report);
  }
  return [options, &app, &program] {
    const std::string name = app.get_subcommands().front()->get_name();
    const auto task = std::ranges::find(kTasks, name, &Task::name);
    return run(*task, *options, program);
  };
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kTool, claptools::cmd::setup);
}
