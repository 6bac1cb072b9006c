#include "claptools/runs/embedding_run.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "runs/example_runs.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using testing::ExampleRun;
using ::testing::HasSubstr;
using Mode = RunJournal::Mode;

/// What was told of the inputs, "NAME", "NAME failed", "NAME copied".
std::vector<std::string> watch(EmbeddingRun& run) {
  std::vector<std::string> told;
  EmbeddingEvents events;
  events.ended = [&](const PartInput& input, const InputError* failure, bool copied) {
    told.push_back(input.id + (failure != nullptr ? " failed" : "") + (copied ? " copied" : ""));
  };
  EXPECT_TRUE(run.run(events, false));
  return told;
}

std::size_t count_copied(const std::vector<std::string>& told) {
  return static_cast<std::size_t>(
      std::ranges::count_if(told, [](const auto& line) { return line.ends_with(" copied"); }));
}

/// Sets the flag as soon as `count` inputs are done, as a signal does; what is in hand is finished.
/// @return how many inputs are kept.
std::size_t interrupt_after(std::size_t count, const ExampleRun& example, const std::string& file) {
  EmbeddingRun run = example.begin(file, Mode::resume);
  std::atomic<bool> stop = false;
  EmbeddingEvents events;
  events.ended = [&](const PartInput&, const InputError*, bool) { stop = run.done() >= count; };
  run.run(events, stop);
  return run.interrupt();
}

/// Ends it by an exception, as a crash does: what is not published by then is lost.
void crash_after(std::size_t count, const ExampleRun& example, const std::string& file) {
  EmbeddingRun run = example.begin(file, Mode::resume);
  EmbeddingEvents events;
  events.ended = [&](const PartInput&, const InputError*, bool) {
    if (run.done() >= count) throw std::runtime_error("a crash");
  };
  EXPECT_THROW(run.run(events, false), std::runtime_error);
}

class EmbeddingRunTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  EmbeddingRunTest() { example_.options.batch = GetParam(); }

  ExampleRun example_;
};

INSTANTIATE_TEST_SUITE_P(Batches, EmbeddingRunTest, ::testing::Values(1, 5));

TEST_P(EmbeddingRunTest, TellsOfEachInputInOrder) {
  EmbeddingRun run = example_.begin("out.h5", Mode::begin);
  const auto told = watch(run);
  ASSERT_EQ(told.size(), ExampleRun::kInputs);
  EXPECT_EQ(told[0], "100.wav");
  EXPECT_EQ(told[20], "120.wav failed");
  EXPECT_EQ(told[149], "249.wav");
  EXPECT_EQ(run.failed(), 4U);
}

TEST_P(EmbeddingRunTest, InterruptedAndResumedMakesTheSameBytes) {
  const std::string whole = example_.whole();
  example_.options.threads = 1;  // which has no more than 30 inputs in hand
  for (const std::size_t count : {1, 40, 63, 64, 65, 100, 119}) {
    const std::size_t kept = interrupt_after(count, example_, "out.h5");
    EXPECT_LT(kept, ExampleRun::kInputs);
    EXPECT_GE(kept, example_.in_whole_parts(count));
    EXPECT_FALSE(std::filesystem::exists(example_.dir / "out.h5"));
    EXPECT_EQ(example_.has_parts("out.h5"), kept > 0);
    EmbeddingRun run = example_.begin("out.h5", Mode::resume);
    const auto told = watch(run);
    run.commit();
    EXPECT_EQ(count_copied(told), kept) << count;
    EXPECT_EQ(run.failed(), 4U) << "also those that were copied";
    EXPECT_TRUE(testing::read_bytes(example_.dir / "out.h5") == whole) << count;
    EXPECT_FALSE(example_.has_parts("out.h5"));
    std::filesystem::remove(example_.dir / "out.h5");
  }
}

TEST_P(EmbeddingRunTest, CrashedAndResumedMakesTheSameBytes) {
  const std::string whole = example_.whole();
  for (const std::size_t count : {1, 64, 65, 149}) {
    crash_after(count, example_, "out.h5");
    EmbeddingRun run = example_.begin("out.h5", Mode::resume);
    EXPECT_EQ(count_copied(watch(run)), example_.in_whole_parts(count - 1)) << count;
    run.commit();
    EXPECT_TRUE(testing::read_bytes(example_.dir / "out.h5") == whole) << count;
    std::filesystem::remove(example_.dir / "out.h5");
  }
}

TEST_P(EmbeddingRunTest, ManyCrashesLoseNothing) {
  const std::string whole = example_.whole();
  for (std::size_t count = 3; count < ExampleRun::kInputs; count += 29)
    count % 2 == 0 ? crash_after(count, example_, "out.h5")
                   : void(interrupt_after(count, example_, "out.h5"));
  EmbeddingRun run = example_.begin("out.h5", Mode::resume);
  EXPECT_GE(count_copied(watch(run)), example_.in_whole_parts(146));
  run.commit();
  EXPECT_TRUE(testing::read_bytes(example_.dir / "out.h5") == whole);
}

TEST_P(EmbeddingRunTest, WhatChangedMeanwhileIsMadeAgain) {
  crash_after(149, example_, "out.h5");
  const std::size_t last = example_.in_whole_parts(148) - 1;
  example_.write(last, 900);
  EmbeddingRun run = example_.begin("out.h5", Mode::resume);
  EXPECT_EQ(count_copied(watch(run)), example_.in_whole_parts(last));
  run.commit();
  EXPECT_TRUE(testing::read_bytes(example_.dir / "out.h5") == example_.whole());
}

TEST_P(EmbeddingRunTest, FindsAPartAfterOneThatIsMadeAgain) {
  crash_after(149, example_, "out.h5");
  example_.write(0, 900);  // with as many windows as before
  EmbeddingRun run = example_.begin("out.h5", Mode::resume);
  const auto told = watch(run);
  run.commit();
  const auto first =
      std::ranges::find_if(told, [](const auto& t) { return t.ends_with("copied"); });
  const auto again = static_cast<std::size_t>(first - told.begin());
  EXPECT_EQ(again, example_.in_whole_parts(again)) << "the first part";
  EXPECT_EQ(count_copied(told), example_.in_whole_parts(148) - again);
  EXPECT_GT(count_copied(told), 0U);
  EXPECT_TRUE(testing::read_bytes(example_.dir / "out.h5") == example_.whole());
}

TEST_P(EmbeddingRunTest, AnotherRunBeginsAnew) {
  crash_after(149, example_, "out.h5");
  example_.options.short_audio = ShortAudio::repeat;
  std::vector<std::string> said;
  const Log log = [&](LogLevel, std::string_view text) { said.emplace_back(text); };
  EmbeddingRun run = example_.begin("out.h5", Mode::resume, log);
  EXPECT_EQ(count_copied(watch(run)), 0U);
  EXPECT_THAT(said, ElementsAre(HasSubstr("short=zero")));
}

TEST_P(EmbeddingRunTest, DoesNotThrowAwayUnaskedWhatAnotherLeft) {
  crash_after(149, example_, "out.h5");
  EXPECT_THROW(example_.begin("out.h5", Mode::begin), UnfinishedRun);
  EmbeddingRun run = example_.begin("out.h5", Mode::force);
  EXPECT_EQ(count_copied(watch(run)), 0U);
}

TEST_P(EmbeddingRunTest, DiscardedLeavesNothing) {
  {
    EmbeddingRun run = example_.begin("out.h5", Mode::begin);
    watch(run);
    run.discard();
  }
  EXPECT_FALSE(std::filesystem::exists(example_.dir / "out.h5"));
  EXPECT_FALSE(example_.has_parts("out.h5"));
}

TEST_P(EmbeddingRunTest, ReplacesAFinishedOutputOnlyIfForced) {
  example_.whole();
  EXPECT_THROW(example_.begin("whole.h5", Mode::begin), Error);
  EXPECT_THROW(example_.begin("whole.h5", Mode::resume), Error);
  EmbeddingRun run = example_.begin("whole.h5", Mode::force);
  EXPECT_EQ(run.inputs(), ExampleRun::kInputs);
}

TEST_P(EmbeddingRunTest, TellsHowLongItTook) {
  EmbeddingRun run = example_.begin("out.h5", Mode::begin);
  std::vector<std::size_t> inputs;
  EmbeddingEvents events;
  events.embedded = [&](const EmbedSummary& summary) { inputs.push_back(summary.inputs); };
  EXPECT_TRUE(run.run(events, false));
  EXPECT_THAT(inputs, ElementsAre(ExampleRun::kInputs));
}

}  // namespace
}  // namespace claptools
