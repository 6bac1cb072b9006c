// clap-eval: scores or embeddings and ground truth -> metrics.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "cmd/eval/compare_command.hpp"
#include "cmd/eval/eval_options.hpp"
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

/// A subcommand and where its result goes.
struct Command {
  const char* name;
  const ReportOptions& report;
  const Program& program;
};

void check_files(const ReportRows& files, const ReportOptions& out) {
  std::vector<std::string> inputs{out.gates.baseline};
  for (const auto& [kind, file] : files) inputs.push_back(file);
  require_one_stream(inputs);
  for (const std::string& output : {out.table.output, out.junit, out.plot, out.html, out.thresholds,
                                    out.parameters, out.mteb.file, out.predictions})
    require_no_input(output, inputs);
}

/// Who made the result, and of which files, before what the scores tell.
void add_provenance(Evaluation& evaluation, const ReportRows& files, const Command& command) {
  ReportRows rows{{"tool", command.program.tool()},
                  {"command", command.program.command_line},
                  {"task", command.name}};
  rows.insert(rows.end(), files.begin(), files.end());
  evaluation.provenance.insert(evaluation.provenance.begin(), rows.begin(), rows.end());
}

template <class Task>
int run(Task task, const ReportRows& files, const Command& command) {
  const Program& program = command.program;
  check_files(files, command.report);
  const auto of_mteb = mteb_task(command.report.mteb, command.name);
  MetricReport report(std::string(kTool.name) + " " + command.name, metric_names(task),
                      command.report, program, of_mteb);
  if (of_mteb) task.options.mteb = of_mteb->kind;
  task.options.mteb_threshold = command.report.mteb.threshold;
  task.options.metrics = report.needed();
  if (!command.report.thresholds.empty())
    task.options.thresholds_of = command.report.threshold_metric;
  task.options.with_plots = command.report.wants_plots();
  task.options.tolerate_missing = command.report.gates.max_missing.has_value();
  task.options.log = program.messages.log();
  task.options.threads = static_cast<std::size_t>(program.threads);
  Evaluation evaluation = evaluate(task);
  add_provenance(evaluation, files, command);
  return report.write(evaluation);
}

int run(const DetectionArguments& typed, const ReportRows& files, const Command& command) {
  if (!typed.events.empty() && !command.report.thresholds.empty())
    throw Error(Fault::usage, "--write-thresholds", "needs --scores: a list has its threshold");
  return typed.events.empty() ? run(frame_task(typed), files, command)
                              : run(list_task(typed), files, command);
}

using Actions = std::map<std::string, Action>;

/// What has tasks in mteb gets the options for its result files.
template <class Typed>
void add_mteb(CLI::App& command, const Typed& typed, MtebArguments& mteb) {
  if constexpr (std::is_same_v<Typed, ClassificationTask>) {
    if (!typed.scenes) add_mteb_options(command, mteb);
  } else if constexpr (std::is_same_v<Typed, TaggingTask> || std::is_same_v<Typed, RetrievalTask>) {
    add_mteb_options(command, mteb);
    if (std::is_same_v<Typed, TaggingTask>) add_mteb_threshold(command, mteb);
  }
}

/// @param typed with what the command line does not set.
template <class Typed>
void add_command(CLI::App& app, const char* name, const char* summary, const Program& program,
                 Actions& actions, Typed typed) {
  struct Options {
    Typed typed;
    ReportOptions report;
  };
  const auto options = std::make_shared<Options>(Options{std::move(typed), {}});
  CLI::App* const command = app.add_subcommand(name, summary);
  add_options(*command, options->typed);
  add_report_options(*command, options->report);
  constexpr bool kDetects = std::is_same_v<Typed, DetectionArguments>;
  if (kDetects || std::is_same_v<Typed, TaggingTask>)
    add_threshold_options(*command, options->report);
  if (kDetects) add_threshold_metric(*command, options->report);
  if (kDetects) add_parameter_option(*command, options->report);
  if (std::is_same_v<Typed, MomentsTask>) add_prediction_options(*command, options->report);
  add_mteb(*command, options->typed, options->report.mteb);
  actions[name] = [=, &program] {
    if constexpr (kDetects) check_options(*command, options->typed);
    return run(options->typed, files_of(options->typed), {name, options->report, program});
  };
}

Action setup(CLI::App& app, const Program& program) {
  const auto actions = std::make_shared<Actions>();
  const auto add = [&]<class Typed>(const char* name, const char* summary, Typed typed) {
    add_command(app, name, summary, program, *actions, std::move(typed));
  };
  app.require_subcommand(1);
  add("classification", "Clips with exactly one correct class.", ClassificationTask{});
  add("tagging", "Clips with any number of correct classes.", TaggingTask{});
  add("retrieval", "Text to audio and audio to text, or queries to items.", RetrievalTask{});
  add("detection", "Sound events, from frame scores or lists of events.", DetectionArguments{});
  add("grounding", "When each phrase is heard in its recording.", GroundingTask{});
  add("generation", "Generated sounds, against captions or a reference set.", GenerationTask{});
  add("moments", "When in its recording what a text describes is heard.", MomentsTask{});
  add("scenes", "Clips with exactly one correct scene (mACC).", ClassificationTask{.scenes = true});
  add("probe", "Logistic regression on embeddings, tested on other recordings.", ProbeTask{});
  (*actions)["compare"] = add_compare(app, program);
  return [actions, &app] { return actions->at(app.get_subcommands().front()->get_name())(); };
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kTool, claptools::cmd::setup);
}
