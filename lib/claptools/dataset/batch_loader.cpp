#include "claptools/dataset/batch_loader.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/dataset/clip_maker.hpp"
#include "claptools/pipeline/ordered_results.hpp"

namespace claptools {
namespace {

/// One row to make.
struct Task {
  std::uint64_t step = 0, epoch = 0;
  std::uint32_t pair = 0;
  std::size_t length = 0;    ///< samples
  std::size_t place = 0;     ///< of the row, in the batch of all ranks
  std::size_t rows = 0;      ///< of this rank's share
  std::size_t sequence = 0;  ///< counts tasks
};

struct DoneRow {
  Task task;
  TrainingRow row;
};

/// The rows of all steps in their order, handed out to threads.
class TaskList {
 public:
  TaskList(const BatchPlan& plan, const ClipMaker& maker, std::size_t rank, StepRange steps)
      : plan_(plan), maker_(maker), rank_(rank), steps_(steps), step_(steps.first) {}

  std::optional<Task> next() {
    const std::scoped_lock lock(mutex_);
    if (step_ >= steps_.end) return std::nullopt;
    if (row_ == 0) open_batch();
    const std::size_t rows = batch_->size() / plan_.ranks();
    const std::size_t place = rank_ * rows + row_;
    const Task task{step_,      step_ / plan_.batches(), (*batch_)[place], length_, place, rows,
                    sequence_++};
    if (++row_ == rows) {
      row_ = 0;
      ++step_;
    }
    return task;
  }

  /// Tasks handed out so far.
  std::size_t count() const {
    const std::scoped_lock lock(mutex_);
    return sequence_;
  }

 private:
  void open_batch() {
    const std::uint64_t number = step_ / plan_.batches();
    if (epoch_number_ != number) {
      epoch_ = plan_.epoch(number);
      epoch_number_ = number;
    }
    batch_ = &epoch_[step_ % plan_.batches()];
    length_ = maker_.row_length(*batch_);
  }

  const BatchPlan& plan_;
  const ClipMaker& maker_;
  std::size_t rank_;
  StepRange steps_;
  mutable std::mutex mutex_;
  std::optional<std::uint64_t> epoch_number_;
  std::vector<BatchPlan::Batch> epoch_;
  const BatchPlan::Batch* batch_ = nullptr;
  std::uint64_t step_;
  std::size_t row_ = 0, sequence_ = 0, length_ = 0;
};

void check(const LoaderOptions& options, const BatchPlan& plan) {
  const auto require = [](bool holds, const char* option, const char* reason) {
    if (!holds) throw Error(Fault::usage, option, reason);
  };
  require(options.rank < plan.ranks(), "rank", "is not below the number of ranks");
  require(options.threads >= 1, "threads", "must be 1 at least");
  require(options.ahead >= 1, "batches ahead", "must be 1 at least");
  require(options.sample_rate > 0, "sample rate", "must be positive");
  require(options.window_s > 0 && options.window_s <= 300, "window",
          "must be above 0, 300 s at most");
  require(options.window_s * options.sample_rate >= static_cast<double>(options.min_samples),
          "window", "is shorter than the model's shortest input");
}

}  // namespace

struct BatchLoader::Impl {
  Impl(const TrainingSet& training_set, const BatchPlan& plan, const LoaderOptions& options,
       StepRange steps, Log to)
      : set(training_set),
        maker(training_set, options),
        tasks(plan, maker, options.rank, steps),
        results(options.ahead * (plan.batch_size() / plan.ranks())),
        log(std::move(to)) {
    for (int i = 0; i < options.threads; ++i) threads.emplace_back([this] { run(); });
  }

  ~Impl() {
    results.close();
    for (std::thread& thread : threads) thread.join();
  }

  void run() {
    try {
      while (const auto task = tasks.next()) {
        if (!results.wait_turn(task->sequence)) return;
        results.put(task->sequence, {*task, maker.make(task->epoch, task->pair, task->length)});
      }
      results.finish(tasks.count());
    } catch (...) {
      results.fail(std::current_exception());
    }
  }

  std::optional<DoneRow> take() {
    const auto begin = std::chrono::steady_clock::now();
    auto row = results.take();
    waited += std::chrono::steady_clock::now() - begin;
    if (row) report_items(row->row);
    return row;
  }

  /// Each once.
  void report_items(const TrainingRow& row) {
    for (const std::uint32_t item : row.failed) {
      if (!reported.insert(item).second) continue;
      report(log, LogLevel::warning, maker.failure(item) + "; another clip replaces it");
    }
    for (const std::uint32_t item : row.warned) {
      if (warned.insert(item).second) report(log, LogLevel::warning, maker.warning(item));
    }
  }

  void add_row(TrainingBatch& batch, const DoneRow& done) const {
    std::ranges::copy(done.row.samples, batch.waveforms.row(batch.captions.size()).begin());
    const TrainingPair& pair = set.pairs[done.row.pair];
    batch.captions.push_back(set.items[pair.item].captions[pair.caption]);
    batch.identities.push_back(set.identities[pair.item]);
  }

  const TrainingSet& set;
  ClipMaker maker;
  TaskList tasks;
  OrderedResults<DoneRow> results;
  Log log;
  std::set<std::uint32_t> reported, warned;
  std::chrono::duration<double> waited{};
  std::vector<std::thread> threads;
};

BatchLoader::BatchLoader(const TrainingSet& set, const BatchPlan& plan,
                         const LoaderOptions& options, StepRange steps, Log log) {
  check(options, plan);
  impl_ = std::make_unique<Impl>(set, plan, options, steps, std::move(log));
}
BatchLoader::~BatchLoader() = default;

std::optional<TrainingBatch> BatchLoader::next() {
  auto done = impl_->take();
  if (!done) return std::nullopt;
  const Task first = done->task;
  TrainingBatch batch;
  batch.waveforms = Matrix(first.rows, first.length);
  batch.step = first.step;
  batch.first = first.place;
  impl_->add_row(batch, *done);
  while (batch.captions.size() < first.rows) impl_->add_row(batch, impl_->take().value());
  return batch;
}

double BatchLoader::waited_s() const { return impl_->waited.count(); }

std::size_t BatchLoader::failed() const { return impl_->reported.size(); }

}  // namespace claptools
