#include "claptools/metrics/bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "claptools/core/error.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

/// Numbers of a Python implementation that gives the published vectors of both generators
/// (splitmix64 of 1234567: 6457827717110365317; xoshiro256** of 1, 2, 3, 4: 11520, 0, 1509978240).
TEST(Bootstrap, GeneratorIsTheSameEverywhere) {
  Xoshiro256 random(1234567);
  EXPECT_EQ(random(), 3504822795582309479U);
  EXPECT_EQ(random(), 1819558768956484042U);
  EXPECT_EQ(random(), 1250851346055027673U);
  EXPECT_EQ(random(), 16940231675099994102U);
}

TEST(Bootstrap, DrawsEvenly) {
  Xoshiro256 random(7);
  std::vector<int> counts(5);
  for (int i = 0; i < 50000; ++i) ++counts[random.below(5)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 400);  // 4.5 standard deviations
  EXPECT_EQ(random.below(1), 0U);
}

MetricValues mean_of(std::span<const double> values, std::span<const std::size_t> clips) {
  double sum = 0;
  for (const std::size_t clip : clips) sum += values[clip];
  return {{"mean", "", sum / static_cast<double>(clips.size())}};
}

/// The mean of 400 draws is normal with a known standard error: half-width 1.96 * 0.0289 / 2.
TEST(Bootstrap, CoversTheMean) {
  std::vector<double> values(400);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) / 399;
  const auto score = [&](auto clips) { return mean_of(values, clips); };
  const auto intervals = bootstrap_intervals(values.size(), score, {4000, 11, 0.95});
  ASSERT_EQ(intervals.size(), 1U);
  EXPECT_EQ(intervals[0].metric, "mean");
  EXPECT_EQ(intervals[0].resamples, 4000U);
  const double half_width = 1.95996 * std::sqrt(1.0 / 12 / 400);
  EXPECT_NEAR(intervals[0].low, 0.5 - half_width, 0.0025);
  EXPECT_NEAR(intervals[0].high, 0.5 + half_width, 0.0025);
  const auto again = bootstrap_intervals(values.size(), score, {4000, 11, 0.95});
  EXPECT_EQ(again[0].low, intervals[0].low);
  const auto other = bootstrap_intervals(values.size(), score, {4000, 12, 0.95});
  EXPECT_NE(other[0].low, intervals[0].low);
}

/// Quantiles are linear between neighbours: of 0 .. 4 the middle half is 1 .. 3.
TEST(Bootstrap, QuantilesOfWhatIsDefined) {
  double next = 0;
  const auto score = [&](auto) {
    const double value = next++;
    MetricValues values{{"count", "a", value},
                        {"inf", "", std::numeric_limits<double>::infinity()},
                        {"nan", "", std::nan("")}};
    if (value < 1) values.push_back({"rare", "", 3});
    return values;
  };
  const auto intervals = bootstrap_intervals(10, score, {5, 1, 0.5});
  ASSERT_EQ(intervals.size(), 4U);
  EXPECT_EQ(intervals[0].class_name, "a");
  EXPECT_EQ(intervals[0].low, 1);
  EXPECT_EQ(intervals[0].high, 3);
  EXPECT_TRUE(std::isinf(intervals[1].low));
  EXPECT_EQ(intervals[2].resamples, 0U);
  EXPECT_TRUE(std::isnan(intervals[2].low));
  EXPECT_EQ(intervals[3].resamples, 1U);
  EXPECT_EQ(intervals[3].high, 3);
}

/// A metric has a value for every resample, in the order drawn, whatever the threads.
TEST(Bootstrap, SamplesLineUp) {
  const auto score = [](std::span<const std::size_t> clips) {
    MetricValues values{{"first", "", static_cast<double>(clips[0])}};
    if (clips[0] > 4) values.push_back({"large", "x", static_cast<double>(clips[0])});
    return values;
  };
  const auto samples = bootstrap_samples(10, score, {40, 3, 0.95, 1});
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[1].class_name, "x");
  ASSERT_EQ(samples[0].values.size(), 40U);
  ASSERT_EQ(samples[1].values.size(), 40U);
  for (std::size_t i = 0; i < 40; ++i) {
    const double first = samples[0].values[i], large = samples[1].values[i];
    EXPECT_TRUE(first > 4 ? large == first : std::isnan(large)) << i;
  }
  EXPECT_EQ(bootstrap_samples(10, score, {40, 3, 0.95, 4})[0].values, samples[0].values);
}

TEST(Bootstrap, WhatCannotBe) {
  const auto score = [](auto) { return MetricValues(); };
  EXPECT_THROW(bootstrap_intervals(0, score), Error);
  EXPECT_THROW(bootstrap_intervals(1, score, {0, 1, 0.95}), Error);
  EXPECT_THROW(bootstrap_intervals(1, score, {1, 1, 1}), Error);
  EXPECT_TRUE(bootstrap_intervals(1, score).empty());
}

/// Numbers of NumPy: tests/data/metrics/sed_further/bootstrap.py.
TEST(Bootstrap, BalancedOnesAreThoseOfNumPy) {
  const auto expected = testing::test_data("sed_further/bootstrap.json")["draws"]
                            .get<std::vector<std::vector<unsigned>>>();
  std::vector<unsigned> all;
  for (const auto& sample : expected) all.insert(all.end(), sample.begin(), sample.end());
  EXPECT_EQ(balanced_draws(7, 5, 0), all);
  EXPECT_NE(balanced_draws(7, 5, 1), all);
}

TEST(Bootstrap, BalancedOnesHoldEachClipEquallyOften) {
  std::vector<int> counts(5);
  const auto count = [&](auto clips) -> MetricValues {
    EXPECT_EQ(clips.size(), 5U);
    for (const std::size_t clip : clips) ++counts[clip];
    return {};
  };
  bootstrap_intervals(5, count, {30, 0, 0.9, 1, ResamplingScheme::balanced});
  EXPECT_EQ(counts, std::vector<int>(5, 30));
}

TEST(Bootstrap, BalancedOnesHaveLimits) {
  EXPECT_THROW(balanced_draws(1, 1, std::uint64_t{1} << 32), Error);
  EXPECT_THROW(balanced_draws(1000, std::size_t{1} << 60, 0), Error);
}

}  // namespace
}  // namespace claptools
