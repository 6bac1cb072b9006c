#include "claptools/runs/shard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

TEST(Shard, AllOfThemAreTheListInItsOrder) {
  for (const std::size_t items : {0, 1, 2, 7, 64, 1000}) {
    std::vector<int> list(items);
    std::iota(list.begin(), list.end(), 0);
    for (const int count : {1, 2, 3, 7, 1001}) {
      std::vector<int> joined;
      for (int index = 0; index < count; ++index) {
        const ShardRange range = shard_range({index, count}, items);
        const std::vector<int> share(list.begin() + static_cast<std::ptrdiff_t>(range.begin),
                                     list.begin() + static_cast<std::ptrdiff_t>(range.end));
        EXPECT_LE(share.size(), items / static_cast<std::size_t>(count) + 1);
        joined.insert(joined.end(), share.begin(), share.end());
      }
      EXPECT_EQ(joined, list) << items << " items, " << count << " shards";
    }
  }
}

TEST(Shard, WithoutACountIsTheWholeList) {
  const ShardRange range = shard_range({}, 3);
  EXPECT_EQ(range.begin, 0U);
  EXPECT_EQ(range.end, 3U);
}

/// Sizes of the shares that shards get.
std::vector<std::uint64_t> shares_of(const std::vector<std::uint64_t>& sizes, int count) {
  std::vector<std::uint64_t> shares;
  std::size_t next = 0;
  for (int index = 0; index < count; ++index) {
    const ShardRange range = shard_range_by_size({index, count}, sizes);
    EXPECT_EQ(range.begin, next);
    EXPECT_GT(range.end, range.begin);
    next = range.end;
    shares.push_back(std::accumulate(sizes.begin() + static_cast<std::ptrdiff_t>(range.begin),
                                     sizes.begin() + static_cast<std::ptrdiff_t>(range.end),
                                     std::uint64_t{0}));
  }
  EXPECT_EQ(next, sizes.size());
  return shares;
}

TEST(Shard, WholeItemsAreDealtOutEvenly) {
  using Shares = std::vector<std::uint64_t>;
  EXPECT_EQ(shares_of({5, 5, 5, 5}, 2), (Shares{10, 10}));
  EXPECT_EQ(shares_of({9, 1, 1, 1}, 2), (Shares{9, 3}));
  EXPECT_EQ(shares_of({1, 1, 1, 9}, 2), (Shares{3, 9}));
  EXPECT_EQ(shares_of({100, 1, 1}, 3), (Shares{100, 1, 1}));
  EXPECT_EQ(shares_of({1, 1, 100}, 3), (Shares{1, 1, 100}));
  EXPECT_EQ(shares_of({0, 0, 0}, 3), (Shares{0, 0, 0}));
  EXPECT_EQ(shares_of({7}, 1), (Shares{7}));
}

TEST(Shard, TheLargestShareIsAsSmallAsCanBe) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint64_t> sizes(3 + random() % 6);
    for (auto& size : sizes) size = random() % 20;
    const auto shares = shares_of(sizes, 3);
    std::uint64_t best = ~std::uint64_t{0};
    const auto sum = [&](std::size_t begin, std::size_t end) {
      return std::accumulate(sizes.begin() + static_cast<std::ptrdiff_t>(begin),
                             sizes.begin() + static_cast<std::ptrdiff_t>(end), std::uint64_t{0});
    };
    for (std::size_t one = 1; one + 1 < sizes.size(); ++one)
      for (std::size_t two = one + 1; two < sizes.size(); ++two)
        best = std::min(best, std::max({sum(0, one), sum(one, two), sum(two, sizes.size())}));
    EXPECT_EQ(*std::ranges::max_element(shares), best) << "round " << round;
  }
}

TEST(Shard, TarShardsAreDealtOutBySize) {
  const testing::TempDir folder;
  const std::string base = folder.path().native();
  for (const auto& [name, size] :
       {std::pair("s-0.tar", 10), std::pair("s-1.tar", 500), std::pair("s-2.tar", 480)})
    testing::write_bytes(folder / name, std::string(size, 'x'));
  const std::vector<std::string> all = {base + "/s-{0..2}.tar", "pipe:cat a.tar"};
  std::vector<std::string> first = all, second = all;
  const std::string deal = deal_tar_shards({0, 2}, first);
  EXPECT_EQ(deal.size(), 16U);
  EXPECT_EQ(deal_tar_shards({1, 2}, second), deal);
  EXPECT_EQ(first, (std::vector{base + "/s-0.tar", base + "/s-1.tar"}));
  EXPECT_EQ(second, (std::vector<std::string>{base + "/s-2.tar", "pipe:cat a.tar"}));
  testing::write_bytes(folder / "s-2.tar", "grown");
  std::vector<std::string> later = all;
  EXPECT_NE(deal_tar_shards({1, 2}, later), deal);
}

TEST(Shard, FewOrOtherArgumentsAreNotDealtOut) {
  for (const std::vector<std::string>& all :
       {std::vector<std::string>{"a.tar"}, {"a.tar", "b.tar", "c.wav"}, {"folder"}, {}}) {
    std::vector<std::string> arguments = all;
    EXPECT_EQ(deal_tar_shards({0, 2}, arguments), "");
    EXPECT_EQ(arguments, all);
  }
}

TEST(Shard, ThatIsNotThereIsRefused) {
  for (const Shard& shard : {Shard{3, 3}, Shard{-1, 3}, Shard{0, -1}})
    EXPECT_THROW(shard_range(shard, 10), Error) << shard.index << " of " << shard.count;
  try {
    require_shard({0, 0}, "part");
    FAIL() << "there is no part of none";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "part: there is no shard 0 of 0, they are counted from 0");
  }
}

}  // namespace
}  // namespace claptools
