#include "claptools/train/training_log.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Values whose decimal form is long, another for each step.
StepRecord step_record(std::uint64_t step) {
  const double x = 1.0 / static_cast<double>(step + 3);
  return {.step = step,
          .epoch = step / 4,
          .loss = x,
          .contrastive = x / 3,
          .regulariser = x / 7,
          .learning_rate = x / 1e5,
          .temperature = 0.07,
          .gradient_norm = 1e10 * x,
          .data_wait_share = 0,
          .clips_per_s = 20};
}

EpochRecord epoch_record(std::uint64_t epoch) {
  return {epoch, 4 * (epoch + 1), {{"t2a.r1", "", 0.1 * static_cast<double>(epoch)}}};
}

class TrainingLogTest : public ::testing::Test {
 protected:
  /// Updates from `first` to `end`, four an epoch, with its validation.
  void run(const TrainingProgress& done, std::uint64_t end) {
    TrainingLog log(path_, done, [this](LogLevel, std::string_view m) { messages_ += m; });
    for (std::uint64_t step = done.steps; step < end; ++step) {
      if (step % 4 == 0 && step / 4 > done.epochs) log.append(epoch_record(step / 4 - 1));
      log.append(step_record(step));
    }
  }
  std::string bytes() const { return testing::read_bytes(path_); }

  testing::TempDir dir_;
  fs::path path_ = dir_ / "train.jsonl";
  std::string messages_;
};

TEST_F(TrainingLogTest, HoldsALineAnUpdateAndAnEpoch) {
  run({}, 5);
  const std::string text = bytes();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
  EXPECT_THAT(text, ::testing::StartsWith(
                        R"({"step":0,"epoch":0,"loss":0.3333333333333333,"contrastive":0.1111)"));
  EXPECT_THAT(text, HasSubstr("\n"
                              R"({"epoch":0,"steps":4,"validation":{"t2a.r1":0.0}})"
                              "\n"));
}

TEST_F(TrainingLogTest, IsReadBackExactly) {
  run({}, 9);
  const TrainingHistory history = read_training_log(path_);
  ASSERT_EQ(history.steps.size(), 9u);
  ASSERT_EQ(history.epochs.size(), 2u);
  for (std::uint64_t step = 0; step < 9; ++step) {
    const StepRecord expected = step_record(step);
    EXPECT_EQ(history.steps[step].step, step);
    EXPECT_EQ(history.steps[step].loss, expected.loss);
    EXPECT_EQ(history.steps[step].gradient_norm, expected.gradient_norm);
    EXPECT_EQ(history.steps[step].clips_per_s, 20);
  }
  EXPECT_EQ(history.epochs[1].validation[0].metric, "t2a.r1");
  EXPECT_EQ(history.epochs[1].validation[0].value, 0.1);
}

TEST_F(TrainingLogTest, AResumedRunLeavesTheSameLines) {
  run({}, 10);
  const std::string whole = bytes();
  // Interrupted anywhere: what was logged behind the checkpoint is made again.
  for (const std::uint64_t steps : {1u, 3u, 4u, 7u, 9u}) {
    for (const std::string& torn : {std::string(), std::string(R"({"step":10,"lo)")}) {
      testing::write_bytes(path_, whole + torn);
      run({steps, (steps - 1) / 4}, 10);
      EXPECT_EQ(bytes(), whole) << steps;
    }
  }
  EXPECT_EQ(messages_, "");
}

TEST_F(TrainingLogTest, AnEpochNotYetValidatedIsCutOff) {
  run({}, 10);
  const std::string whole = bytes();
  run({8, 1}, 8);  // the checkpoint was written before the second validation
  EXPECT_EQ(read_training_log(path_).epochs.size(), 1u);
  run({8, 2}, 8);
  testing::write_bytes(path_, whole);
  run({8, 2}, 8);
  EXPECT_EQ(read_training_log(path_).epochs.size(), 2u);
}

TEST_F(TrainingLogTest, BeginsAnew) {
  run({}, 10);
  run({}, 2);
  EXPECT_EQ(read_training_log(path_).steps.size(), 2u);
}

TEST_F(TrainingLogTest, WarnsOfLinesLost) {
  run({6, 1}, 7);
  EXPECT_THAT(messages_, HasSubstr("train.jsonl: ends after 0 of the 6 updates"));
}

TEST_F(TrainingLogTest, WhatIsNotFiniteIsNull) {
  StepRecord record = step_record(0);
  record.loss = std::numeric_limits<double>::quiet_NaN();
  record.gradient_norm = std::numeric_limits<double>::infinity();
  TrainingLog(path_, {}, {}).append(record);
  EXPECT_THAT(bytes(), HasSubstr(R"("loss":null)"));
  EXPECT_TRUE(std::isnan(read_training_log(path_).steps.at(0).loss));
}

TEST_F(TrainingLogTest, NamesALineThatIsNoRecord) {
  for (const char* line : {"", "{}", "[]", "{\"step\":-1}", "{\"step\":\"x\"}", "nothing", "\xff",
                           "{\"epoch\":0,\"steps\":1,\"validation\":[\"x\"]}"}) {
    run({}, 2);
    testing::write_bytes(path_, bytes() + line + "\n");
    for (const auto& read :
         {std::function<void()>([&] { read_training_log(path_); }), std::function<void()>([&] {
            TrainingLog(path_, {3, 0}, {});
          })}) {
      try {
        read();
        ADD_FAILURE() << line;
      } catch (const Error& e) {
        EXPECT_EQ(e.fault(), Fault::data);
        EXPECT_THAT(e.what(), HasSubstr("line 3 is not a record")) << line;
      }
    }
  }
  EXPECT_THROW(read_training_log(dir_ / "absent"), Error);
}

TEST_F(TrainingLogTest, SaysWhenItCannotBeWritten) {
  try {
    TrainingLog(dir_ / "no" / "log", {}, {});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::cannot_create);
  }
  try {
    TrainingLog("/dev/full", {}, {});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.fault(), Fault::io);  // a device cannot be cut
  }
}

}  // namespace
}  // namespace claptools
