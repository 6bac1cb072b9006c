// clap-train: MGA-CLAP's training.
#include <CLI/CLI.hpp>
#include <fstream>
#include <limits>
#include <memory>

#include "cmd/support/interrupt.hpp"
#include "cmd/support/progress.hpp"
#include "cmd/support/run_main.hpp"
#include "cmd/support/train_options.hpp"
#include "mgaclap/core/error.hpp"
#include "mgaclap/engine/known_answer.hpp"
#include "mgaclap/train/validation.hpp"

namespace mgaclap::cmd {
namespace {

constexpr ToolInfo kTool = {"clap-train", "Train a model on recordings and their captions.",
                            "  clap-train captions.json --audio-root clips/ --valid valid.json "
                            "-o model/\n"
                            "  mpirun -np 4 clap-train shards/{000..099}.tar --gather -o model/"};

TrainingSet read_training_set(const TrainArguments& arguments, const Log& log) {
  std::vector<ManifestItem> items;
  for (const std::string& path : arguments.manifests) {
    auto more = read_manifest(path, arguments.manifest, log);
    std::move(more.begin(), more.end(), std::back_inserter(items));
  }
  return make_training_set(std::move(items));
}

std::optional<ValidationSet> read_validation_set(const TrainArguments& arguments, const Log& log) {
  if (arguments.valid.empty()) return std::nullopt;
  ValidationSet set;
  for (const std::string& path : arguments.valid) {
    auto more = read_manifest(path, arguments.manifest, log);
    std::move(more.begin(), more.end(), std::back_inserter(set.items));
  }
  set.patterns = arguments.prompts;
  if (set.patterns.empty()) set.patterns = {"{} can be heard"};
  if (arguments.valid_labels.empty()) return set;
  std::ifstream in(arguments.valid_labels, std::ios::binary);
  if (!in) throw Error(Fault::no_input, arguments.valid_labels, "cannot be read");
  set.labels = Labels::read(in, arguments.valid_labels);
  return set;
}

std::string describe(const EpochRecord& record) {
  std::string text = "epoch " + std::to_string(record.epoch + 1);
  for (const MetricValue& value : record.validation) {
    if (!value.class_name.empty()) continue;
    for (const char* shown : {"t2a.r1", "t2a.r5", "a2t.r1", "top1"}) {
      if (value.metric != shown) continue;
      char number[32];
      std::snprintf(number, sizeof number, ", %s %.4g", shown, value.value);
      text += number;
    }
  }
  return text;
}

/// What rank 0 does besides training.
RunHooks make_hooks(const Program& program, const std::optional<ValidationSet>& valid,
                    std::unique_ptr<Progress>& progress) {
  const auto load = [&program](const ModelFiles& files) {
    return Model::load(files, {program.device}, program.messages.log());
  };
  RunHooks hooks;
  hooks.on_step = [&progress, &program](const StepRecord& record, std::uint64_t steps) {
    if (!progress) progress = std::make_unique<Progress>(program, "trained", "steps", steps);
    progress->update(record.step + 1);
  };
  hooks.on_epoch = [&program](const EpochRecord& record) {
    program.messages.note(describe(record));
  };
  if (valid) {
    hooks.validate = [&valid, &program, load](const ModelFiles& files) {
      return validate(*load(files), *valid, program.threads);
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
  run = RunFolder(arguments.output, RunFolder::Existing::resume).load();
  require_same_options(run.options, arguments.run.options, arguments.output);
  trainer.restore(run.state);
  run.state = {};
  return run;
}

int run(TrainArguments arguments, const Program& program, const CLI::App& app) {
  const auto processes = join_processes(nullptr, nullptr);
  settle(arguments, program, *processes);
  arguments.run.options = describe_options(app);
  arguments.run.title = "Training of " + arguments.output;
  arguments.run.command = program.command_line;
  const Log log = program.messages.log();
  const TrainingSet set = read_training_set(arguments, log);
  const auto valid = read_validation_set(arguments, log);
  const std::vector<double> durations = set.durations_s();
  const BatchPlan plan(durations, arguments.plan);
  ModelFiles start = read_start(arguments.start, arguments.trainer.seed, program);
  arguments.loader.sample_rate = start.config.audio.sample_rate;
  arguments.loader.window_s = start.config.audio.window_s;
  arguments.loader.min_samples = static_cast<std::size_t>(start.config.audio.n_fft / 2) + 1;
  std::optional<RunFolder> folder;
  if (processes->rank() == 0) {
    folder.emplace(arguments.output, arguments.resume  ? RunFolder::Existing::resume
                                     : arguments.force ? RunFolder::Existing::replace
                                                       : RunFolder::Existing::refuse);
  }
  ModelFiles model{start.path, start.config, {}, start.vocabulary};
  const auto trainer = Trainer::create(std::move(start), arguments.trainer, *processes, log);
  std::unique_ptr<Progress> progress;
  const RunHooks hooks = make_hooks(program, valid, progress);
  TrainingRun training(*trainer, std::move(model), set, plan, arguments.loader, arguments.run,
                       *processes, folder ? &*folder : nullptr, hooks, log);
  program.messages.detail(std::to_string(set.items.size()) + " recordings, " +
                          std::to_string(set.pairs.size()) + " pairs, " +
                          std::to_string(plan.batches()) + " batches an epoch");
  const RunSummary summary = training.run(begin(*trainer, arguments));
  if (progress) progress->finish(summary.done.steps);
  return summary.interrupted ? interrupted_code() : 0;
}

Action setup(CLI::App& app, const Program& program) {
  const auto arguments = std::make_shared<TrainArguments>();
  add_train_options(app, *arguments);
  return [arguments, &program, &app] { return run(*arguments, program, app); };
}

}  // namespace
}  // namespace mgaclap::cmd

int main(int argc, char** argv) {
  return mgaclap::cmd::run_main(argc, argv, mgaclap::cmd::kTool, mgaclap::cmd::setup);
}
