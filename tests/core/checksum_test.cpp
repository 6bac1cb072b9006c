#include "claptools/core/checksum.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

std::vector<std::byte> bytes(std::size_t count) {
  std::vector<std::byte> made(count);
  for (std::size_t i = 0; i < count; ++i) made[i] = static_cast<std::byte>((i * i + i / 7) % 251);
  return made;
}

/// Expected: Python's xxhash.xxh64 of the same bytes.
TEST(Checksum, EqualsXxHash) {
  EXPECT_EQ(xxh64({}), 0xef46db3751d8e999);
  EXPECT_EQ(xxh64(bytes(1)), 0xe934a84adb052768);
  EXPECT_EQ(xxh64(bytes(3)), 0xe38ecea27964f1a0);
  EXPECT_EQ(xxh64(bytes(4)), 0x4d0a1255b7392f55u);
  EXPECT_EQ(xxh64(bytes(7)), 0xab23d8eaba8b0fd0);
  EXPECT_EQ(xxh64(bytes(15)), 0xe3f929bf073ecce1);
  EXPECT_EQ(xxh64(bytes(31)), 0xaf7a3504d19384b9);
  EXPECT_EQ(xxh64(bytes(32)), 0xe846fef044537598);
  EXPECT_EQ(xxh64(bytes(63)), 0x83e3e645c5d0eded);
  EXPECT_EQ(xxh64(bytes(1000)), 0xc398c56b62a7f540);
  EXPECT_EQ(xxh64(bytes(600000)), 0xe1a9c6fce8194472);
}

TEST(Checksum, OfBlocks) {
  const auto file = bytes(262145);
  const BlockChecksums sums = block_checksums(file);
  EXPECT_EQ(sums.bytes, 262145u);
  ASSERT_EQ(sums.blocks.size(), 2u);
  EXPECT_EQ(sums.blocks[0], 0xe76b5381ffc0e2aa);
  EXPECT_EQ(sums.blocks[1], xxh64(std::span(file).last(1)));
  EXPECT_EQ(block_checksums({}), BlockChecksums{});
}

}  // namespace
}  // namespace claptools
