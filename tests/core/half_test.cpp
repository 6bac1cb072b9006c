#include "claptools/core/half.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace claptools {
namespace {

TEST(Half, EqualsTheFloat) {
  EXPECT_EQ(from_half(0x0000), 0.0F);
  EXPECT_EQ(from_half(0x0001), 0x1p-24F);  // the smallest
  EXPECT_EQ(from_half(0x03ff), 0x3ffp-24F);
  EXPECT_EQ(from_half(0x0400), 0x1p-14F);  // the smallest that is not subnormal
  EXPECT_EQ(from_half(0x3c00), 1.0F);
  EXPECT_EQ(from_half(0xc200), -3.0F);
  EXPECT_EQ(from_half(0x7bff), 65504.0F);
  EXPECT_EQ(from_half(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::signbit(from_half(0x8000)));
  EXPECT_TRUE(std::isnan(from_half(0x7e00)));
}

TEST(Half, ComesBackFromEveryFloat) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    if ((half & 0x7fff) > 0x7c00) {
      EXPECT_TRUE(std::isnan(from_half(half))) << bits;
    } else {
      EXPECT_EQ(to_half(from_half(half)), half);
    }
  }
}

}  // namespace
}  // namespace claptools
