#include "claptools/pipeline/window_features.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "claptools/pipeline/whole_features.hpp"
#include "pipeline/fake_model.hpp"

namespace claptools {
namespace {

/// Its frames add up what they see of the clip, reflected at the ends as a log-mel is.
class FrameModel : public testing::FakeModel, public Spectrograms {
 public:
  const Spectrograms* spectrograms() const override { return this; }
  MelBands bands() const override { return {2, 0, 500}; }
  bool are_cheap() const override { return true; }
  AudioEmbeddings embed_log_mels(std::span<const MatrixView>, const AudioOutputs&) const override {
    return {};
  }

  Matrix log_mel(std::span<const float> clip) const override {
    const auto [hop_size, edge] = *spec().audio.features;
    const int hop = static_cast<int>(hop_size), half = static_cast<int>(edge);
    const auto samples = static_cast<int>(clip.size());
    EXPECT_GT(samples, half);
    Matrix frames(static_cast<std::size_t>(1 + samples / hop), 2);
    for (std::size_t t = 0; t < frames.rows; ++t) {
      const int centre = static_cast<int>(t) * hop;
      for (int i = centre - half; i < centre + half; ++i) {
        const int at = i < 0 ? -i : i >= samples ? 2 * (samples - 1) - i : i;
        frames.row(t)[0] += clip[static_cast<std::size_t>(at)];
        frames.row(t)[1] += static_cast<float>(i - centre) * clip[static_cast<std::size_t>(at)];
      }
    }
    frames_computed += frames.rows;
    return frames;
  }

  mutable std::size_t frames_computed = 0;
};

std::vector<float> noise(std::size_t samples) {
  std::vector<float> sound(samples);
  for (std::size_t i = 0; i < samples; ++i)
    sound[i] = std::round(100 * std::sin(0.37F * static_cast<float>(i * i % 1009)));
  return sound;
}

/// Compares every window's frames with those that it has by itself. @return frames computed.
std::size_t check_windows(const WindowGrid& grid, std::size_t last) {
  const FrameModel model, alone;
  WindowFeatures features(model, grid);
  const std::vector<float> sound = noise(grid.window + 4 * grid.hop);
  for (std::size_t w = 0; w < 5; ++w) {
    std::vector<float> window(
        sound.begin() + static_cast<std::ptrdiff_t>(w * grid.hop),
        sound.begin() + static_cast<std::ptrdiff_t>(w * grid.hop + grid.window));
    if (w == 4) window.resize(last);
    EXPECT_EQ(features.next(window).data, alone.log_mel(window).data) << "window " << w;
  }
  return model.frames_computed;
}

TEST(WindowFeatures, AreThoseOfEachWindowByItself) {
  for (const std::size_t hop : {500U, 250U, 10U, 600U}) {
    SCOPED_TRACE(hop);
    const WindowGrid grid{1000, hop, 1};
    check_windows(grid, 1000);
    check_windows(grid, 1000 - hop + 7);  // a tail that is not filled
  }
}

TEST(WindowFeatures, ComputeCommonFramesOnce) {
  EXPECT_LT(check_windows({1000, 500, 1}, 1000), 101 + 4 * 70U);
  EXPECT_LT(check_windows({1000, 250, 1}, 1000), 101 + 4 * 45U);
}

TEST(WindowFeatures, PayWhereFramesCoincide) {
  const FrameModel model;
  EXPECT_TRUE(WindowFeatures::worthwhile(model, {1000, 500, 1}));
  EXPECT_FALSE(WindowFeatures::worthwhile(model, {1000, 505, 1}));   // between the frames
  EXPECT_FALSE(WindowFeatures::worthwhile(model, {1000, 1000, 1}));  // nothing in common
  EXPECT_FALSE(WindowFeatures::worthwhile(model, {1000, 960, 1}));   // only edges in common
  EXPECT_FALSE(WindowFeatures::worthwhile(model, {1000, 1500, 1}));
  EXPECT_FALSE(WindowFeatures::worthwhile(testing::FakeModel(), {1000, 500, 1}));
}

TEST(WholeFeatures, AreThoseOfTheRecordingAtOnce) {
  const FrameModel model;
  for (const std::size_t length : {40U, 1000U, 1001U, 1033U, 1930U, 4321U, 5000U}) {
    for (const std::size_t piece : {1000U, 333U}) {
      SCOPED_TRACE(std::to_string(length) + " by " + std::to_string(piece));
      const std::vector<float> sound = noise(length);
      WholeFeatures features(model);
      for (std::size_t at = 0; at < length; at += piece)
        features.add(std::span(sound).subspan(at, std::min(piece, length - at)));
      const Matrix whole = features.finish(), expected = model.log_mel(sound);
      EXPECT_EQ(whole.rows, expected.rows);
      EXPECT_EQ(whole.data, expected.data);
    }
  }
}

}  // namespace
}  // namespace claptools
