// clap-train: MGA-CLAP's training.
#include <CLI/CLI.hpp>
#include <csignal>
#include <limits>
#include <memory>

#include "claptools/core/error.hpp"
#include "claptools/engine/known_answer.hpp"
#include "claptools/train/run_conditions.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/run_main.hpp"
#include "cmd/train/train_options.hpp"
#include "cmd/train/training_report.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-train", "Train a model on recordings and their captions.",
                            "  clap-train captions.json --audio-root clips/ --valid valid.json "
                            "-o model/\n"
                            "  mpirun -np 4 clap-train shards/{000..099}.tar --gather -o model/"};

/// What rank 0 does besides training.
RunHooks make_hooks(const Program& program, const std::optional<ValidationSet>& valid,
                    TrainingReport& report) {
  const auto load = [&program](const ModelFiles& files) {
    return Model::load(files, {program.device}, program.messages.log());
  };
  RunHooks hooks;
  hooks.on_step = [&report](const StepRecord& record, std::uint64_t steps) {
    report.step(record, steps);
  };
  hooks.on_epoch = [&report](const EpochRecord& record) { report.epoch(record); };
  if (valid) {
    hooks.validate = [&valid, &program, load](const ModelFiles& files) {
      return validate(*load(files), *valid, program.threads, program.messages.log());
    };
  }
  hooks.known_answer = [load](const ModelFiles& files) { return known_answer(*load(files)); };
  hooks.stop = &handle_interrupts();
  return hooks;
}

/// Where the run begins: at its first step, or where it was stopped.
SavedRun begin(Trainer& trainer, const TrainArguments& arguments) {
  SavedRun run;
  run.best = std::numeric_limits<double>::quiet_NaN();
  if (!arguments.resume) return run;
  auto saved = RunFolder(arguments.output, RunFolder::Existing::resume).load();
  if (!saved) return run;
  require_same_run(saved->options, arguments.run.options, arguments.output);
  trainer.restore(saved->state);
  saved->state = {};
  return std::move(*saved);
}

void say_blacklisted(const std::string& list, const BlacklistCount& count, const Program& program) {
  if (list.empty()) return;
  program.messages.note(list + ": " + std::to_string(count.matched.size()) + " of " +
                        std::to_string(count.entries) + " entries matched, " +
                        std::to_string(count.items) + " recordings left out");
}

/// The exit code of a process that any rank's signal stopped.
int stopped_code() { return interrupted_code() != 0 ? interrupted_code() : 128 + SIGTERM; }

/// What becomes of a model but for its weights.
ModelFiles without_weights(const ModelFiles& files) {
  ModelFiles model;
  model.path = files.path;
  model.architecture = files.architecture;
  model.vocabulary = files.vocabulary;
  return model;
}

int run(TrainArguments arguments, const Program& program, const CLI::App& app) {
  const auto processes = join_processes(nullptr, nullptr);
  resolve_options(arguments, program, *processes);
  arguments.run.title = "Training of " + arguments.output;
  arguments.run.command = program.command_line;
  const Log log = program.messages.log();
  BlacklistCount blacklisted;
  const TrainingSet set =
      read_training_set(arguments.manifests, arguments.manifest, blacklisted, log);
  if (processes->rank() == 0) say_blacklisted(arguments.manifest.blacklist, blacklisted, program);
  const auto valid = read_validation_set(arguments.valid, arguments.manifest, log);
  const std::vector<double> durations = set.durations_s();
  const BatchPlan plan(durations, arguments.plan);
  arguments.run.options = describe_run(options_of_run(app), set, plan);
  ModelFiles start = read_start(arguments.start, arguments.trainer.seed, program);
  arguments.loader.sample_rate = start.spec().audio.sample_rate;
  arguments.loader.window_s = start.spec().audio.window_s;
  arguments.loader.min_samples = start.spec().audio.min_samples;
  std::optional<RunFolder> folder;
  if (processes->rank() == 0) {
    folder.emplace(arguments.output, arguments.resume  ? RunFolder::Existing::resume
                                     : arguments.force ? RunFolder::Existing::replace
                                                       : RunFolder::Existing::refuse);
    if (arguments.resume) folder->claim();
  }
  ModelFiles model = without_weights(start);
  const auto trainer = Trainer::create(std::move(start), arguments.trainer, *processes, log);
  TrainingReport report(program, arguments.run.epochs);
  const RunHooks hooks = make_hooks(program, valid, report);
  TrainingRun training(*trainer, std::move(model), set, plan, arguments.loader, arguments.run,
                       *processes, folder ? &*folder : nullptr, hooks, log);
  const SavedRun from = begin(*trainer, arguments);
  if (folder) {
    if (!arguments.resume) folder->create();
    program.messages.detail(
        std::to_string(set.items.size()) + " recordings, " + std::to_string(set.pairs.size()) +
        " pairs, " + std::to_string(plan.batches()) + " batches per epoch" +
        (from.done.steps > 0 ? "; resumes after step " + std::to_string(from.done.steps)
                             : std::string()));
  }
  const RunSummary summary = training.run(from);
  if (folder) report.finish(summary.done.steps);
  if (summary.interrupted) return stopped_code();
  return summary.failed > 0 ? 1 : 0;
}

Action setup(CLI::App& app, const Program& program) {
  const auto arguments = std::make_shared<TrainArguments>();
  add_train_options(app, *arguments);
  return [arguments, &program, &app] { return run(*arguments, program, app); };
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kTool, claptools::cmd::setup);
}
