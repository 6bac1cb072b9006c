#include "claptools/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

namespace claptools {
namespace {

/// First numbers of the reference implementation (Vigna, splitmix64.c) for this seed.
TEST(Random, IsSplitMix64) {
  Random random(1234567);
  for (const std::uint64_t expected :
       {6457827717110365317U, 3203168211198807973U, 9817491932198370423U, 4593380528125082431U})
    EXPECT_EQ(random.next(), expected);
}

TEST(Random, HashOfTextIsFnv1a) {
  EXPECT_EQ(hash_text(""), 0xcbf29ce484222325U);
  EXPECT_EQ(hash_text("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(hash_text("foobar"), 0x85944171f73967e8U);
}

TEST(Random, DistributionsHaveTheirMoments) {
  Random random(7);
  constexpr int kDraws = 100000;
  double mean = 0, square = 0, normal_mean = 0, normal_square = 0;
  std::array<int, 6> counts{};
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform(), n = random.normal();
    ASSERT_TRUE(u >= 0 && u < 1);
    mean += u / kDraws;
    square += u * u / kDraws;
    normal_mean += n / kDraws;
    normal_square += n * n / kDraws;
    ++counts.at(random.below(6));
  }
  EXPECT_NEAR(mean, 0.5, 0.005);
  EXPECT_NEAR(square, 1.0 / 3, 0.005);
  EXPECT_NEAR(normal_mean, 0, 0.015);
  EXPECT_NEAR(normal_square, 1, 0.02);
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 6, 600);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, SeedsFromSeveralNumbersDiffer) {
  std::set<std::uint64_t> seeds;
  for (std::uint64_t a = 0; a < 30; ++a)
    for (std::uint64_t b = 0; b < 30; ++b) seeds.insert({hash_seed({a, b}), hash_seed({a, b, 0})});
  EXPECT_EQ(seeds.size(), 1800U);
}

TEST(Random, AShuffleKeepsTheValues) {
  std::vector<int> values(50), sorted(50);
  std::iota(sorted.begin(), sorted.end(), 0);
  values = sorted;
  Random random(3);
  shuffle(values, random);
  EXPECT_NE(values, sorted);
  std::sort(values.begin(), values.end());
  EXPECT_EQ(values, sorted);
}

}  // namespace
}  // namespace claptools
