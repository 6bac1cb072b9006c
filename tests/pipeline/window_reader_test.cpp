#include "claptools/pipeline/window_reader.hpp"

#include <gtest/gtest.h>

#include "pipeline/recordings.hpp"

namespace claptools {
namespace {

using Spans = std::vector<std::pair<std::size_t, std::size_t>>;

/// Start and end of every window of a recording of `samples`; checks that each holds the samples of
/// its place.
Spans windows(std::size_t samples, const WindowGrid& grid) {
  testing::TempDir dir;
  testing::write_bytes(dir / "ramp.wav", testing::ramp_wav(samples));
  WindowReader reader(AudioReader(dir / "ramp.wav", 1000), grid);
  Spans spans;
  while (const auto window = reader.next()) {
    spans.emplace_back(window->start, window->start + window->samples.size());
    for (std::size_t i = 0; i < window->samples.size(); ++i) {
      EXPECT_EQ(window->samples[i], static_cast<float>(window->start + i) * 1e-3f);
    }
  }
  return spans;
}

TEST(WindowReader, CoversTheRecordingOnce) {
  EXPECT_EQ(windows(1, {10, 10, 5}), (Spans{{0, 1}}));
  EXPECT_EQ(windows(10, {10, 10, 5}), (Spans{{0, 10}}));
  EXPECT_EQ(windows(27, {10, 10, 5}), (Spans{{0, 10}, {10, 20}, {20, 27}}));
}

TEST(WindowReader, DropsAShortTailUnlessItIsAllThereIs) {
  EXPECT_EQ(windows(24, {10, 10, 5}), (Spans{{0, 10}, {10, 20}}));
  EXPECT_EQ(windows(25, {10, 10, 5}), (Spans{{0, 10}, {10, 20}, {20, 25}}));
  EXPECT_EQ(windows(4, {10, 10, 5}), (Spans{{0, 4}}));
  EXPECT_EQ(windows(21, {10, 10, 0}), (Spans{{0, 10}, {10, 20}, {20, 21}}));
}

TEST(WindowReader, OverlappingWindowsEndWithTheRecording) {
  EXPECT_EQ(windows(20, {10, 5, 1}), (Spans{{0, 10}, {5, 15}, {10, 20}}));
  EXPECT_EQ(windows(22, {10, 5, 1}), (Spans{{0, 10}, {5, 15}, {10, 20}, {15, 22}}));
  EXPECT_EQ(windows(22, {10, 5, 3}),
            (Spans{{0, 10}, {5, 15}, {10, 20}}));  // only 2 samples would be new
  EXPECT_EQ(windows(8, {10, 5, 1}), (Spans{{0, 8}}));
}

TEST(WindowReader, WindowsMayLeaveGaps) {
  EXPECT_EQ(windows(40, {10, 15, 5}), (Spans{{0, 10}, {15, 25}, {30, 40}}));
  EXPECT_EQ(windows(33, {10, 15, 5}), (Spans{{0, 10}, {15, 25}}));
  EXPECT_EQ(windows(12, {10, 15, 5}), (Spans{{0, 10}}));
}

}  // namespace
}  // namespace claptools
