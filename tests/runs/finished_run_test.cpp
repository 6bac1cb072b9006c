#include "claptools/runs/finished_run.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "runs/example_runs.hpp"

namespace claptools {
namespace {

using testing::ExampleRun;

class FinishedRun : public ::testing::Test {
 protected:
  FinishedRun() { example_.whole(); }

  std::string difference(const EmbeddingHeader& header,
                         const std::vector<AudioInput>& inputs) const {
    return compare_finished(example_.dir / "whole.h5", header, inputs);
  }

  ExampleRun example_;
};

TEST_F(FinishedRun, IsWhatTheSameRunWouldMake) {
  EXPECT_EQ(difference(example_.header(), example_.inputs()), "");
}

TEST_F(FinishedRun, OfAnotherModelOrWithOtherOptionsIsAnother) {
  EmbeddingHeader header = example_.header();
  header.model_sha256 = "11ff";
  EXPECT_EQ(difference(header, example_.inputs()), "made with another model");
  header = example_.header();
  header.options += " more=1";
  EXPECT_EQ(difference(header, example_.inputs()), "made with other options");
  header = example_.header();
  header.shard_count = 2;
  EXPECT_EQ(difference(header, example_.inputs()), "made with other options");
}

TEST_F(FinishedRun, OfOtherInputsIsAnother) {
  auto inputs = example_.inputs();
  inputs.pop_back();
  EXPECT_EQ(difference(example_.header(), inputs), "made of other inputs");
  inputs = example_.inputs();
  std::swap(inputs[0], inputs[1]);
  EXPECT_EQ(difference(example_.header(), inputs), "made of other inputs");
  inputs = example_.inputs();
  inputs[5].meta = {"another"};
  EXPECT_EQ(difference(example_.header(), inputs), "made of other inputs");
}

TEST_F(FinishedRun, IsOlderThanAnInputThatChanged) {
  std::filesystem::last_write_time(
      example_.path(5), std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(difference(example_.header(), example_.inputs()), "older than " + example_.path(5));
}

TEST_F(FinishedRun, TakesAwayThePartsOfTheRunThatMadeIt) {
  const auto leave_parts = [&] {
    RunJournal journal(example_.dir / "whole.h5", {"a=1\n", "test", "now"}, RunJournal::Mode::begin,
                       {});
    journal.open_part({}).end_input({"100.wav", {}, {}}, {1, 0}, true);
    journal.publish();
  };
  leave_parts();
  EXPECT_NE(difference(example_.header(), {}), "");
  EXPECT_TRUE(example_.has_parts("whole.h5"));
  EXPECT_EQ(difference(example_.header(), example_.inputs()), "");
  EXPECT_FALSE(example_.has_parts("whole.h5"));
}

}  // namespace
}  // namespace claptools
