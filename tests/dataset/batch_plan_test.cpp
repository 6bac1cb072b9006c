#include "claptools/dataset/batch_plan.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "claptools/core/error.hpp"
#include "claptools/core/random.hpp"
#include "support/golden_h5.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::vector<double> random_durations(std::size_t count) {
  Random random(4);
  std::vector<double> durations(count);
  for (double& duration : durations) duration = random.uniform(0.5, 40);
  return durations;
}

std::size_t bucket_of(double duration_s) {
  return static_cast<std::size_t>(std::min(duration_s / 5, 6.0));
}

BatchPlanOptions batches_of(std::size_t batch, bool keep_last = false, std::size_t ranks = 1) {
  BatchPlanOptions options;
  options.batch = batch;
  options.keep_last = keep_last;
  options.ranks = ranks;
  return options;
}

TEST(BatchPlan, BatchesHoldClipsOfOneBucketEachOnce) {
  const auto durations = random_durations(500);
  const BatchPlan plan(durations, batches_of(8));
  const auto batches = plan.epoch(3);
  EXPECT_THAT(batches, SizeIs(plan.batches()));
  std::set<std::uint32_t> seen;
  for (const auto& batch : batches) {
    ASSERT_THAT(batch, SizeIs(8));
    for (const std::uint32_t pair : batch) {
      EXPECT_EQ(bucket_of(durations[pair]), bucket_of(durations[batch[0]]));
      EXPECT_TRUE(seen.insert(pair).second);
    }
  }
  EXPECT_GT(seen.size(), 500U - 7 * 8);
}

/// The official sampler's batches: as many, of the same buckets.
TEST(BatchPlan, CountsAsTheOfficialSampler) {
  const std::string path = CLAPTOOLS_SHARED "/goldens/unit.h5";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  const testing::GoldenFile file(path);
  const auto durations = file.doubles("bucket_sampler/durations");
  const auto buckets = file.ints("bucket_sampler/bucket");
  const auto official = file.ints("bucket_sampler/first_epoch_batches_seed20");
  BatchPlanOptions options = batches_of(8);
  options.boundaries_s = file.doubles("bucket_sampler/boundaries");
  std::map<std::int64_t, int> theirs, ours;
  for (std::size_t i = 0; i < official.size(); i += 8)
    ++theirs[buckets[static_cast<std::size_t>(official[i])]];
  for (const auto& batch : BatchPlan(durations, options).epoch(0)) ++ours[buckets[batch[0]]];
  EXPECT_EQ(ours, theirs);
}

TEST(BatchPlan, TheLastBatchesCanBeKept) {
  const auto durations = random_durations(501);
  const BatchPlan plan(durations, batches_of(8, true));
  std::multiset<std::size_t> sizes;
  std::set<std::uint32_t> seen;
  for (const auto& batch : plan.epoch(0)) {
    sizes.insert(batch.size());
    seen.insert(batch.begin(), batch.end());
  }
  EXPECT_THAT(seen, SizeIs(501));
  EXPECT_EQ(*sizes.begin(), 501U % 8);
  EXPECT_EQ(sizes.count(8), 501U / 8);
  EXPECT_EQ(plan.batches(), 501U / 8 + 1);
  EXPECT_THAT(plan.epoch(0).back(), SizeIs(501U % 8));

  for (const auto& batch : BatchPlan(durations, batches_of(8, true, 4)).epoch(0))
    EXPECT_EQ(batch.size() % 4, 0U);
}

TEST(BatchPlan, EpochsDifferAndRepeat) {
  const auto durations = random_durations(200);
  BatchPlanOptions options = batches_of(8);
  const BatchPlan plan(durations, options);
  EXPECT_EQ(plan.epoch(5), BatchPlan(durations, options).epoch(5));
  EXPECT_NE(plan.epoch(5), plan.epoch(6));
  EXPECT_THAT(plan.epoch(6), SizeIs(plan.batches()));
  options.seed = 21;
  EXPECT_NE(plan.epoch(5), BatchPlan(durations, options).epoch(5));
}

TEST(BatchPlan, UnknownDurationsCountAsLongest) {
  const std::vector<double> durations{0, 40, 1, 2, 0, 40};
  BatchPlanOptions options = batches_of(2);
  for (const auto& batch : BatchPlan(durations, options).epoch(0))
    EXPECT_EQ(durations[batch[0]] == 0 || durations[batch[0]] == 40,
              durations[batch[1]] == 0 || durations[batch[1]] == 40);
  options.boundaries_s.clear();
  EXPECT_EQ(BatchPlan(durations, options).batches(), 3U);
}

TEST(BatchPlan, WhatCannotBeIsRefused) {
  const auto durations = random_durations(20);
  const auto refused = [&](const BatchPlanOptions& options, Fault fault) {
    try {
      const BatchPlan plan(durations, options);
      ADD_FAILURE() << plan.batches();
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), fault) << e.what();
    }
  };
  refused(batches_of(0), Fault::usage);
  refused(batches_of(8, false, 3), Fault::usage);
  refused(batches_of(8, false, 0), Fault::usage);
  refused(batches_of(20), Fault::data);
  BatchPlanOptions falling = batches_of(2);
  falling.boundaries_s = {5, 5};
  refused(falling, Fault::usage);
  EXPECT_THROW(BatchPlan({}, batches_of(1, true)), Error);
}

}  // namespace
}  // namespace claptools
