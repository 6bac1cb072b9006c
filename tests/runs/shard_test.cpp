#include "claptools/runs/shard.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

TEST(Shard, AllOfThemAreTheListInItsOrder) {
  for (const std::size_t items : {0, 1, 2, 7, 64, 1000}) {
    std::vector<int> list(items);
    std::iota(list.begin(), list.end(), 0);
    for (const int count : {1, 2, 3, 7, 1001}) {
      std::vector<int> joined;
      for (int index = 0; index < count; ++index) {
        std::vector<int> share = list;
        keep_shard({index, count}, share);
        EXPECT_LE(share.size(), items / static_cast<std::size_t>(count) + 1);
        joined.insert(joined.end(), share.begin(), share.end());
      }
      EXPECT_EQ(joined, list) << items << " items, " << count << " shards";
    }
  }
}

TEST(Shard, WithoutACountIsTheWholeList) {
  std::vector<int> list = {1, 2, 3};
  keep_shard({}, list);
  EXPECT_EQ(list.size(), 3U);
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
