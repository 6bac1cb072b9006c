#include "claptools/zero_shot/spectrogram.hpp"

#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "pipeline/fake_model.hpp"
#include "pipeline/recordings.hpp"

namespace claptools {
namespace {

/// Two bands: the time of a frame, as a ramp gives it, and 7.
class RampModel : public testing::FakeModel, public Spectrograms {
 public:
  const Spectrograms* spectrograms() const override { return this; }
  MelBands bands() const override { return {2, 50, 400}; }
  Matrix log_mel(std::span<const float> clip) const override {
    EXPECT_LE(clip.size(), 1000U) << "a window";
    Matrix frames(1 + clip.size() / 10, 2);
    for (std::size_t f = 0; f < frames.rows; ++f) {
      frames.row(f)[0] = clip[std::min(f * 10, clip.size() - 1)];
      frames.row(f)[1] = 7;
    }
    return frames;
  }
  AudioEmbeddings embed_log_mels(std::span<const MatrixView>, const AudioOutputs&) const override {
    return {};
  }
  bool are_cheap() const override { return false; }
};

class SpectrogramTest : public ::testing::Test {
 protected:
  SpectrogramTest() { testing::write_bytes(path_, testing::ramp_wav(2500)); }

  const testing::TempDir folder_;
  const std::string path_ = folder_ / "ramp.wav";
  const RampModel model_;
};

TEST_F(SpectrogramTest, GoesWindowByWindow) {
  const Matrix whole = read_spectrogram({path_}, model_, {.start_s = 0, .end_s = 2.5});
  ASSERT_EQ(whole.rows, 250U);
  ASSERT_EQ(whole.cols, 2U);
  for (std::size_t f = 0; f < whole.rows; ++f) {
    EXPECT_NEAR(whole.row(f)[0], 0.01 * static_cast<double>(f), 1e-6);
    EXPECT_EQ(whole.row(f)[1], 7);
  }
}

TEST_F(SpectrogramTest, OfAPartOfTheRecording) {
  const Matrix part = read_spectrogram({path_}, model_, {.start_s = 1.2, .end_s = 1.5});
  ASSERT_EQ(part.rows, 30U);
  EXPECT_NEAR(part.row(0)[0], 1.2, 1e-6);
  EXPECT_NEAR(part.row(29)[0], 1.49, 1e-6);
}

TEST_F(SpectrogramTest, AveragesNeighboursWhereThereAreManyFrames) {
  const Matrix few =
      read_spectrogram({path_}, model_, {.start_s = 0, .end_s = 2, .max_columns = 20});
  ASSERT_EQ(few.rows, 20U);
  for (std::size_t c = 0; c < few.rows; ++c)
    EXPECT_NEAR(few.row(c)[0], 0.1 * static_cast<double>(c) + 0.045, 1e-6);
}

TEST_F(SpectrogramTest, NotEveryModelHasOne) {
  EXPECT_TRUE(has_spectrogram(model_));
  EXPECT_FALSE(has_spectrogram(testing::FakeModel()));
  EXPECT_THROW(read_spectrogram({folder_ / "none.wav"}, model_, {.end_s = 1}), Error);
}

}  // namespace
}  // namespace claptools
