#include "claptools/train/run_conditions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

const Options kOptions = {{"MANIFEST", "a.json"}, {"MANIFEST", "b.json"}, {"--lr", "0.1"}};

TrainingSet set_of(const char* caption, std::size_t clips) {
  std::vector<ManifestItem> items;
  for (std::size_t i = 0; i < clips; ++i) {
    const std::string name = std::to_string(i) + ".wav";
    items.push_back({.audio = {.path = name}, .id = name, .captions = {caption}, .label = {}});
  }
  return make_training_set(std::move(items));
}

std::string run_of(const Options& options, const TrainingSet& set, std::size_t batch = 1) {
  return describe_run(options, set, BatchPlan(set.durations_s(), {.batch = batch}));
}

/// What the error says when `given` is to resume `saved`; empty: nothing.
std::string difference(const std::string& saved, const std::string& given) {
  try {
    require_same_run(saved, given, "model");
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_EQ(error.subject(), "model");
    return error.reason();
  }
}

TEST(RunConditions, AreTheOptionsTheDataAndTheBatches) {
  const TrainingSet set = set_of("a dog", 4);
  const std::string run = run_of(kOptions, set);
  EXPECT_EQ(difference(run, run), "");
  EXPECT_EQ(difference(run, run_of({kOptions[0], kOptions[1]}, set)),
            "the run was started with --lr 0.1, now none");
  EXPECT_EQ(difference(run_of({}, set), run_of({kOptions[2]}, set)),
            "the run was started with no --lr, now 0.1");
  EXPECT_EQ(difference(run, run_of({kOptions[0], kOptions[2]}, set)),
            "the run was started with MANIFEST a.json b.json, now a.json");
  EXPECT_EQ(
      difference(run, run_of(kOptions, set_of("a cat", 4))),
      "the run was started with other data: recordings, captions, labels or durations are not "
      "the same");
  EXPECT_EQ(difference(run, run_of(kOptions, set, 2)),
            "the run was started with 4 batches per epoch, now 2: this number of processes leaves "
            "out other pairs");
}

/// A value may hold what separates the lines' parts.
TEST(RunConditions, TakeAnyValue) {
  const TrainingSet set = set_of("a dog", 1);
  const std::string run = run_of({{"--name", "a=b c"}}, set);
  EXPECT_EQ(difference(run, run), "");
  EXPECT_EQ(difference(run, run_of({{"--name", "a=b d"}}, set)),
            "the run was started with --name a=b c, now a=b d");
}

}  // namespace
}  // namespace claptools
