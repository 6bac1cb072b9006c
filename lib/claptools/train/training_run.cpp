#include "claptools/train/training_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "claptools/checkpoints/half_weights.hpp"
#include "claptools/core/error.hpp"
#include "claptools/train/learning_rate.hpp"

namespace claptools {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

TrainingRun::TrainingRun(Trainer& trainer, ModelFiles model, const TrainingSet& set,
                         const BatchPlan& plan, const LoaderOptions& loader,
                         const RunOptions& options, Communicator& processes,
                         const RunFolder* folder, const RunHooks& hooks, const Log& log)
    : trainer_(trainer),
      model_(std::move(model)),
      set_(set),
      plan_(plan),
      loader_options_(loader),
      options_(options),
      processes_(processes),
      folder_(folder),
      hooks_(hooks),
      log_(log) {
  if (steps() > 0) return;
  throw Error(Fault::usage, "batches per update",
              std::to_string(options_.accumulate) + " are more than the whole run has, " +
                  std::to_string(options_.epochs * plan_.batches()));
}

std::uint64_t TrainingRun::steps() const {
  return options_.epochs * plan_.batches() / options_.accumulate;
}

std::uint64_t TrainingRun::epochs_behind(std::uint64_t steps_done) const {
  if (steps_done == steps()) return options_.epochs;
  return steps_done * options_.accumulate / plan_.batches();
}

/// One update: its batches' gradients, then the optimiser.
StepRecord TrainingRun::step(BatchLoader& loader, std::uint64_t number) {
  const std::uint64_t per_epoch = plan_.batches();
  const LearningRate schedule{options_.learning_rate,
                              options_.warmup_epochs * per_epoch / options_.accumulate, steps()};
  const auto start = Clock::now();
  const double waited = loader.waited_s();
  StepRecord record;
  record.step = number;
  record.epoch = number * options_.accumulate / per_epoch;
  record.learning_rate = schedule.at(number);
  std::array<double, 4> sums{};  // loss, contrastive, regulariser, clips; of all ranks
  for (std::uint64_t part = 0; part < options_.accumulate; ++part) {
    const std::optional<TrainingBatch> batch = loader.next();
    if (!batch) throw Error(Fault::internal, "training", "the batches ended early");
    const LossReport report = trainer_.accumulate(
        *batch, 1.0 / static_cast<double>(options_.accumulate), part + 1 == options_.accumulate);
    sums[0] += report.loss;
    sums[1] += report.contrastive;
    sums[2] += report.regulariser;
    sums[3] += static_cast<double>(batch->captions.size());
    record.temperature = report.temperature;
  }
  record.gradient_norm = trainer_.update(record.learning_rate);
  processes_.sum(sums);
  const double losses = static_cast<double>(options_.accumulate) * processes_.size();
  record.loss = sums[0] / losses;
  record.contrastive = sums[1] / losses;
  record.regulariser = sums[2] / losses;
  const double took = seconds_since(start);
  record.data_wait_share = (loader.waited_s() - waited) / took;
  record.clips_per_s = sums[3] / took;
  return record;
}

void TrainingRun::save() const {
  if (leads()) folder_->save({trainer_.state(), done_, best_, options_.options});
}

/// Validates, writes the models and draws the curve; the other ranks wait at their next exchange.
void TrainingRun::end_epoch(TrainingLog* log, std::uint64_t epoch) {
  if (!leads()) return;
  model_.weights = trainer_.weights(options_.averaged);
  if (options_.half) model_.weights = to_half(model_.weights, model_.architecture->parameters());
  EpochRecord record{epoch, done_.steps, {}};
  if (hooks_.validate) record.validation = hooks_.validate(model_);
  const auto metric = std::ranges::find_if(record.validation, [&](const MetricValue& m) {
    return m.metric == options_.best_metric && m.class_name.empty();
  });
  const bool last = done_.steps == steps();
  bool best = options_.best_metric.empty();
  if (metric != record.validation.end()) {
    best = !(metric->value <= best_);  // the first one beats NaN
    if (best) best_ = metric->value;
  }
  folder_->write_model(model_, best, last || best ? hooks_.known_answer(model_) : WeightSet());
  log->append(record);
  folder_->draw_curve(options_.title, options_.command);
  if (hooks_.on_epoch) hooks_.on_epoch(record);
}

std::uint64_t TrainingRun::count_failed(const BatchLoader& loader) const {
  std::array<double, 1> count{static_cast<double>(loader.failed())};
  processes_.sum(count);
  return static_cast<std::uint64_t>(count[0]);
}

RunSummary TrainingRun::run(const SavedRun& from) {
  done_ = from.done;
  best_ = from.best;
  std::optional<TrainingLog> log;
  if (leads()) {
    log.emplace(folder_->log_file(), done_, log_);
    folder_->remove_leftovers();
  }
  const std::uint64_t total = steps();
  BatchLoader loader(set_, plan_, loader_options_,
                     {done_.steps * options_.accumulate, total * options_.accumulate}, log_);
  while (done_.steps < total) {
    const StepRecord record = step(loader, done_.steps);
    ++done_.steps;
    if (log) log->append(record);
    if (leads() && hooks_.on_step) hooks_.on_step(record, total);
    const std::uint64_t behind = epochs_behind(done_.steps);
    const bool epoch_ended = behind > done_.epochs;
    if (epoch_ended) {
      end_epoch(log ? &*log : nullptr, behind - 1);
      done_.epochs = behind;
    }
    const bool stop = processes_.any(hooks_.stop && *hooks_.stop);
    const bool due = options_.checkpoint_steps > 0 && done_.steps % options_.checkpoint_steps == 0;
    if (epoch_ended || due || stop) {
      if (log) log->sync();
      save();
    }
    if (stop) break;
  }
  return {done_, done_.steps < total, count_failed(loader)};
}

}  // namespace claptools
