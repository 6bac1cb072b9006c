#include "claptools/core/files/file_stamp.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::TempDir;

TEST(FileStamp, ChangesWithTheFile) {
  const TempDir folder;
  EXPECT_EQ(stamp_of(folder / "a"), FileStamp{});
  testing::write_bytes(folder / "a", "text");
  const FileStamp before = stamp_of(folder / "a");
  EXPECT_EQ(before.size, 4);
  EXPECT_TRUE(before.readable);
  std::filesystem::last_write_time(
      folder / "a", std::filesystem::file_time_type::clock::now() + std::chrono::nanoseconds(1000));
  EXPECT_NE(stamp_of(folder / "a"), before);
}

}  // namespace
}  // namespace claptools
