#include "claptools/tasks/window_merge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace claptools {
namespace {

/// Frame scores that equal the time of their frame's middle in frames of the grid: averaging must
/// give the same back.
Matrix clock(std::size_t frames, double first) {
  Matrix scores(frames, 1);
  for (std::size_t i = 0; i < frames; ++i)
    scores.row(i)[0] = static_cast<float>(first + static_cast<double>(i));
  return scores;
}

TEST(WindowMerge, OneWindowComesBackAsItIs) {
  WindowMerge merge(10, 1);
  merge.add(0, 40, 10, clock(4, 0));
  const Matrix merged = merge.finish();
  EXPECT_EQ(merged.data, (std::vector<float>{0, 1, 2, 3}));
}

TEST(WindowMerge, PaddingBehindTheEndIsLeftOut) {
  WindowMerge merge(10, 1);
  merge.add(0, 40, 10, clock(4, 0));
  merge.add(40, 15, 10, clock(4, 4));
  EXPECT_EQ(merge.finish().data, (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

TEST(WindowMerge, OverlapIsAveragedWithTheCentreFavoured) {
  WindowMerge merge(10, 1);
  Matrix zeros(4, 1), ones(4, 1);
  std::fill(ones.data.begin(), ones.data.end(), 1.0f);
  merge.add(0, 40, 10, zeros);
  merge.add(20, 40, 10, ones);
  const Matrix merged = merge.finish();
  // weights of the four frames of a window: sin^2 of 22.5, 67.5, 112.5, 157.5 degrees
  const double low = std::pow(std::sin(std::numbers::pi / 8), 2), high = 1 - low;
  ASSERT_EQ(merged.rows, 6u);
  EXPECT_FLOAT_EQ(merged.data[1], 0);
  EXPECT_FLOAT_EQ(merged.data[2], static_cast<float>(low / (low + high)));
  EXPECT_FLOAT_EQ(merged.data[3], static_cast<float>(high / (low + high)));
  EXPECT_FLOAT_EQ(merged.data[4], 1);
}

TEST(WindowMerge, WindowsOffTheGridAreSharedOut) {
  WindowMerge merge(10, 1);
  merge.add(0, 10, 10, clock(1, 1));
  merge.add(5, 10, 10, clock(1, 7));  // half in frame 0, half in frame 1
  EXPECT_EQ(merge.finish().data, (std::vector<float>{3, 7}));
}

TEST(WindowMerge, AStretchedWindowHasShorterFrames) {
  WindowMerge merge(10, 1);
  merge.add(0, 20, 5, clock(4, 0));
  const Matrix merged = merge.finish();
  ASSERT_EQ(merged.rows, 2u);
  EXPECT_LT(merged.data[0], merged.data[1]);
}

TEST(WindowMerge, HourTenHasNoDrift) {
  WindowMerge merge(10000, 1);
  for (std::size_t window = 0; window < 7200; ++window)
    merge.add(window * 160000, 320000, 10000, clock(32, static_cast<double>(window * 16)));
  const Matrix merged = merge.finish();
  for (std::size_t g = 0; g < merged.rows; ++g) ASSERT_EQ(merged.data[g], static_cast<float>(g));
}

}  // namespace
}  // namespace claptools
