// The run loop around a trainer that only counts.
#include "claptools/train/training_run.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "claptools/core/error.hpp"
#include "claptools/train/learning_rate.hpp"
#include "dataset/clips.hpp"
#include "train/tiny_model.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::SizeIs;

/// The loss is 1 + the batch's number, the only weight how many updates there were.
class CountingTrainer : public Trainer {
 public:
  LossReport accumulate(const TrainingBatch& batch, double share, bool last) override {
    batches.push_back(batch.step);
    clips += batch.captions.size();
    shares += share;
    if (last) lasts.push_back(batch.step);
    return {1 + static_cast<double>(batch.step), 0.5, 0.25, 0.07};
  }
  WeightSet gradients() const override { return {}; }
  double update(double learning_rate) override {
    rates.push_back(learning_rate);
    updates += 1;
    return 2;
  }
  WeightSet weights(bool averaged) const override {
    return testing::one_weight(averaged ? -updates : updates);
  }
  WeightSet state() const override { return testing::one_weight(updates); }
  void restore(const WeightSet& state) override { updates = testing::weight_of(state); }
  void forget() override {}

  std::vector<std::uint64_t> batches, lasts;
  std::vector<double> rates;
  std::size_t clips = 0;
  double shares = 0;
  float updates = 0;
};

class RunTest : public ::testing::Test {
 protected:
  /// 5 clips: 2 batches of 2 an epoch, and one clip that fills none.
  RunTest() {
    std::vector<ManifestItem> items;
    for (std::size_t i = 0; i < 5; ++i) {
      const std::string name = std::to_string(i);
      const auto path = dir_ / (name + ".wav");
      testing::write_bytes(path, testing::wav_at_1khz(testing::telling_samples(i, 100)));
      ManifestItem item;
      item.audio.path = path.native();
      item.id = name;
      item.duration_s = 0.1;
      item.captions = {"caption " + name};
      items.push_back(std::move(item));
    }
    set_ = make_training_set(std::move(items));
    plan_.batch = 2;
    loader_.sample_rate = 1000;
    loader_.window_s = 1;
    loader_.min_samples = 33;
    options_.epochs = 3;
    options_.warmup_epochs = 1;
    options_.learning_rate = 0.5;
    hooks_.known_answer = [](const ModelFiles&) { return WeightSet(); };
    hooks_.on_epoch = [this](const EpochRecord& record) { epochs_.push_back(record); };
    hooks_.stop = &stop_;
  }

  RunSummary run(CountingTrainer& trainer, const SavedRun& from = first()) {
    const BatchPlan plan(set_.durations_s(), plan_);
    const RunFolder folder(dir_ / "model", RunFolder::Existing::replace);
    if (from.done.steps == 0) folder.create();
    const auto alone = make_single_process();
    const Log log;
    TrainingRun run(trainer, testing::tiny_model(dir_.path(), 0), set_, plan, loader_, options_,
                    *alone, &folder, hooks_, log);
    return run.run(from);
  }

  static SavedRun first() {
    SavedRun run;
    run.best = std::numeric_limits<double>::quiet_NaN();
    return run;
  }

  /// Stops after this many updates of the run.
  void stop_after(std::uint64_t steps) {
    hooks_.on_step = [this, steps](const StepRecord& record, std::uint64_t) {
      stop_ = record.step + 1 == steps;
    };
  }

  SavedRun saved() const { return *RunFolder(dir_ / "model", RunFolder::Existing::resume).load(); }
  TrainingHistory history() const { return read_training_log(dir_ / "model/training/log.jsonl"); }
  std::vector<std::uint64_t> epoch_steps() const {
    std::vector<std::uint64_t> steps;
    for (const EpochRecord& record : history().epochs) steps.push_back(record.steps);
    return steps;
  }

  testing::TempDir dir_;
  TrainingSet set_;
  BatchPlanOptions plan_;
  LoaderOptions loader_;
  RunOptions options_;
  RunHooks hooks_;
  std::atomic<bool> stop_ = false;
  std::vector<EpochRecord> epochs_;
};

TEST_F(RunTest, TrainsEveryBatchOfEveryEpochOnce) {
  CountingTrainer trainer;
  const RunSummary summary = run(trainer);
  EXPECT_FALSE(summary.interrupted);
  EXPECT_EQ(summary.failed, 0U);
  EXPECT_EQ(summary.done.steps, 6U);
  EXPECT_EQ(summary.done.epochs, 3U);
  EXPECT_THAT(trainer.batches, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(epoch_steps(), ElementsAre(2, 4, 6));
  EXPECT_EQ(trainer.clips, 12U);
  EXPECT_EQ(testing::weight_of(dir_ / "model"), 6);
}

TEST_F(RunTest, SetsTheRateOfTheScheduleBeforeEachUpdate) {
  CountingTrainer trainer;
  run(trainer);
  const LearningRate schedule{0.5, 2, 6};
  std::vector<double> expected;
  for (std::uint64_t step = 0; step < 6; ++step) expected.push_back(schedule.at(step));
  EXPECT_THAT(trainer.rates, ElementsAreArray(expected));
}

TEST_F(RunTest, RecordsWhatTheTrainerReports) {
  CountingTrainer trainer;
  run(trainer);
  const StepRecord third = history().steps.at(3);
  EXPECT_EQ(third.step, 3U);
  EXPECT_EQ(third.epoch, 1U);
  EXPECT_EQ(third.loss, 4);
  EXPECT_EQ(third.contrastive, 0.5);
  EXPECT_EQ(third.regulariser, 0.25);
  EXPECT_EQ(third.temperature, 0.07);
  EXPECT_EQ(third.gradient_norm, 2);
  EXPECT_GE(third.data_wait_share, 0);
  EXPECT_LE(third.data_wait_share, 1);
  EXPECT_GT(third.clips_per_s, 0);
}

/// Updates of 2 batches go on over the ends of epochs of 3 with keep_last.
TEST_F(RunTest, AccumulatesOverTheEndsOfEpochs) {
  plan_.keep_last = true;  // batches of 2, 2 and 1 clips
  options_.accumulate = 2;
  CountingTrainer trainer;
  run(trainer);
  EXPECT_THAT(trainer.batches, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7)) << "9 batches, 4 updates";
  EXPECT_THAT(trainer.lasts, ElementsAre(1, 3, 5, 7));
  EXPECT_DOUBLE_EQ(trainer.shares, 4);
  EXPECT_THAT(epoch_steps(), ElementsAre(2, 3, 4)) << "an epoch ends with the update that ends it";
  EXPECT_EQ(history().steps.at(1).loss, 3.5) << "the mean of batches 2 and 3";
  EXPECT_EQ(history().steps.at(1).epoch, 0U);
}

TEST_F(RunTest, AnUpdateMayTakeMoreThanAnEpoch) {
  options_.accumulate = 5;  // of 6 batches
  CountingTrainer trainer;
  const RunSummary summary = run(trainer);
  EXPECT_THAT(trainer.batches, SizeIs(5));
  EXPECT_EQ(summary.done.epochs, 3U);
  EXPECT_THAT(epoch_steps(), ElementsAre(1));
  EXPECT_EQ(history().epochs[0].epoch, 2U);
}

TEST_F(RunTest, RefusesToEndBeforeItsFirstUpdate) {
  options_.accumulate = 7;
  CountingTrainer trainer;
  EXPECT_THROW(run(trainer), Error);
}

TEST_F(RunTest, KeepLastTrainsOnWhatIsLeftOver) {
  plan_.keep_last = true;
  CountingTrainer trainer;
  run(trainer);
  EXPECT_EQ(trainer.clips, 15U);
  EXPECT_THAT(epoch_steps(), ElementsAre(3, 6, 9));
}

TEST_F(RunTest, StopsAfterTheUpdateInHandAndGoesOn) {
  stop_after(3);
  CountingTrainer trainer;
  const RunSummary summary = run(trainer);
  EXPECT_TRUE(summary.interrupted);
  EXPECT_EQ(summary.done.steps, 3U);
  EXPECT_THAT(epoch_steps(), ElementsAre(2));

  SavedRun from = saved();
  EXPECT_EQ(from.done.steps, 3U);
  EXPECT_EQ(from.done.epochs, 1U);
  hooks_.on_step = nullptr;
  stop_ = false;
  CountingTrainer second;
  second.restore(from.state);
  EXPECT_FALSE(run(second, from).interrupted);
  EXPECT_THAT(second.batches, ElementsAre(3, 4, 5));
  EXPECT_THAT(epoch_steps(), ElementsAre(2, 4, 6));
  EXPECT_THAT(history().steps, SizeIs(6));
  EXPECT_EQ(testing::weight_of(dir_ / "model"), 6);
}

TEST_F(RunTest, ASignalDuringTheLastUpdateIsNoInterruption) {
  stop_after(6);
  CountingTrainer trainer;
  EXPECT_FALSE(run(trainer).interrupted);
}

TEST_F(RunTest, SavesWhenTheOptionsSay) {
  options_.checkpoint_steps = 3;
  hooks_.on_step = [this](const StepRecord& record, std::uint64_t steps) {
    EXPECT_EQ(steps, 6U);
    if (record.step == 2) {
      EXPECT_EQ(saved().done.steps, 2U) << "of the epoch's end";
    } else if (record.step == 3) {
      EXPECT_EQ(saved().done.steps, 3U);
    }
  };
  CountingTrainer trainer;
  run(trainer);
  EXPECT_EQ(saved().done.steps, 6U);
}

TEST_F(RunTest, KeepsTheBestWeights) {
  std::vector<double> values = {std::nan(""), 0.5, 0.25};
  options_.best_metric = "top1";
  hooks_.validate = [&](const ModelFiles&) {
    // The class of the same name is no total.
    return MetricValues{{"top1", "dog", 9}, {"top1", "", values[epochs_.size()]}};
  };
  CountingTrainer trainer;
  run(trainer);
  EXPECT_EQ(testing::weight_of(dir_ / "model"), 4) << "of the second epoch";
  EXPECT_EQ(testing::weight_of(dir_ / "model/training/last"), 6);
  EXPECT_EQ(saved().best, 0.5);
}

TEST_F(RunTest, WritesTheMovingAverage) {
  options_.averaged = true;
  CountingTrainer trainer;
  run(trainer);
  EXPECT_EQ(testing::weight_of(dir_ / "model"), -6);
}

TEST_F(RunTest, CountsRecordingsThatCannotBeRead) {
  std::filesystem::remove(dir_ / "2.wav");
  CountingTrainer trainer;
  EXPECT_EQ(run(trainer).failed, 1U);
}

}  // namespace
}  // namespace claptools
