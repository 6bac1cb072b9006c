#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "claptools/dataset/batch_loader.hpp"
#include "claptools/engine/trainer.hpp"
#include "claptools/train/run_folder.hpp"
#include "claptools/train/training_log.hpp"

namespace claptools {

struct RunOptions {
  std::uint64_t epochs = 10, warmup_epochs = 2;
  double learning_rate = 5e-5;
  std::uint64_t accumulate = 1;  ///< batches per update
  /// Updates between saved states, besides each epoch's; 0: none.
  std::uint64_t checkpoint_steps = 0;
  bool averaged = false;       ///< the moving average is validated and written
  bool half = false;           ///< models are written in float16
  std::string best_metric;     ///< a total, largest is best; empty: the last weights are
  std::string options;         ///< SavedRun::options
  std::string title, command;  ///< of the learning curve's page
};

/// Called by rank 0 only, but for the stop.
struct RunHooks {
  std::function<void(const StepRecord&, std::uint64_t steps)> on_step;
  std::function<void(const EpochRecord&)> on_epoch;
  std::function<MetricValues(const ModelFiles&)> validate;  ///< may be empty
  std::function<WeightSet(const ModelFiles&)> known_answer;
  const std::atomic<bool>* stop = nullptr;
};

struct RunSummary {
  TrainingProgress done;
  bool interrupted = false;
  std::uint64_t failed = 0;  ///< recordings that could not be read, of all ranks
};

/// One training run from its first step or from where it was stopped. Same data, options and number
/// of threads: the same losses bit for bit on the CPU, however often it was stopped.
class TrainingRun {
 public:
  /// @param model    config and vocabulary of what is trained.
  /// @param folder   of rank 0; null on the others. All references must outlive the run.
  /// @throws Error{usage} if the run has fewer batches than an update takes.
  TrainingRun(Trainer& trainer, ModelFiles model, const TrainingSet& set, const BatchPlan& plan,
              const LoaderOptions& loader, const RunOptions& options, Communicator& processes,
              const RunFolder* folder, const RunHooks& hooks, const Log& log);

  /// Updates of the whole run.
  std::uint64_t steps() const;

  /// @param from where it resumes; the trainer's state has been restored.
  RunSummary run(const SavedRun& from);

 private:
  StepRecord step(BatchLoader& loader, std::uint64_t number);
  void end_epoch(TrainingLog* log, std::uint64_t epoch);
  void save() const;
  std::uint64_t count_failed(const BatchLoader& loader) const;
  std::uint64_t epochs_behind(std::uint64_t steps) const;
  bool leads() const { return folder_ != nullptr; }

  Trainer& trainer_;
  ModelFiles model_;
  const TrainingSet& set_;
  const BatchPlan& plan_;
  LoaderOptions loader_options_;
  RunOptions options_;
  Communicator& processes_;
  const RunFolder* folder_;
  const RunHooks& hooks_;
  const Log& log_;
  TrainingProgress done_;
  double best_ = 0;
};

}  // namespace claptools
