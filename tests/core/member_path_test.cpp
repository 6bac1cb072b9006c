#include "claptools/core/files/member_path.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "support/temp_dir.hpp"

namespace claptools {
namespace {

TEST(SplitMember, NeedsAFileAboveTheMember) {
  const testing::TempDir folder;
  const std::string shard = folder / "s.tar";
  testing::write_bytes(shard, "x");
  EXPECT_EQ(split_member(shard + "/a/b.wav"), std::pair(shard, std::string("a/b.wav")));
  EXPECT_EQ(split_member(shard), std::nullopt);
  EXPECT_EQ(split_member(shard + "/"), std::nullopt);
  EXPECT_EQ(split_member((folder / "nowhere/a.wav").native()), std::nullopt);
  EXPECT_EQ(split_member("bare.wav"), std::nullopt);
  EXPECT_EQ(split_member(""), std::nullopt);
}

}  // namespace
}  // namespace claptools
