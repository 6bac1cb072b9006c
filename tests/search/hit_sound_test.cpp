#include "claptools/search/hit_sound.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "audio/audio_files.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Twenty seconds at 24 kHz; a sample is its second / 100.
std::string steps_wav() {
  std::vector<float> values(20 * HitSound::kSampleRate);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i / HitSound::kSampleRate) / 100;
  return testing::wav({3, 1, HitSound::kSampleRate, 32}, testing::float_bytes(values));
}

class HitSoundTest : public ::testing::Test {
 protected:
  HitSoundTest() { testing::write_bytes(path_, steps_wav()); }

  HitSound read(const std::string& id, double start_s, double end_s, double cut_s = 30) const {
    const Segment hit{id, start_s, end_s};
    HitSoundOptions options;
    options.max_cut_s = cut_s;
    return read_hit_sounds({&hit, 1}, options).at(0);
  }

  const testing::TempDir folder_;
  const std::string path_ = folder_ / "steps.wav";
};

TEST_F(HitSoundTest, CutsTheHitAndShowsWhatIsAroundIt) {
  const HitSound sound = read(path_, 8, 12);
  EXPECT_EQ(sound.fault, "");
  EXPECT_EQ(sound.start_s, 6);
  EXPECT_EQ(sound.end_s, 14);
  EXPECT_EQ(sound.levels.rows, 600u);
  ASSERT_EQ(sound.cut.size(), 4u * HitSound::kSampleRate);
  EXPECT_NEAR(sound.cut.front(), 0.08 * 32767, 1);
  EXPECT_NEAR(sound.cut.back(), 0.11 * 32767, 1);
}

TEST_F(HitSoundTest, EndsWithTheRecording) {
  const HitSound sound = read(path_, 15, 20.001);
  EXPECT_EQ(sound.end_s, 20);
  EXPECT_EQ(sound.cut.size(), 5u * HitSound::kSampleRate);
  EXPECT_THAT(read(path_, 25, 30).fault, HasSubstr("ends before"));
  EXPECT_EQ(read(path_, 0, 1).start_s, 0);
}

/// Sound from 0.5 s on the clock of its container, of 0.3 s.
TEST_F(HitSoundTest, KnowsTheClockOfPlayers) {
  const std::string clock = testing::kAudioData / "clock.mkv";
  const HitSound by_audio = read(clock, 0, 0.3);
  EXPECT_NEAR(by_audio.clock_s, 0.5, 1e-3);
  EXPECT_EQ(by_audio.start_s, 0);
  const Segment hit{clock, 0.5, 0.8};
  HitSoundOptions options;
  options.time_zero = TimeZero::container;
  options.max_cut_s = 30;
  const HitSound by_container = read_hit_sounds({&hit, 1}, options).at(0);
  EXPECT_EQ(by_container.clock_s, 0);
  EXPECT_NEAR(by_container.start_s, 0.5, 1e-3);
  EXPECT_EQ(by_container.cut, by_audio.cut);
}

TEST_F(HitSoundTest, CutsAreBounded) {
  EXPECT_EQ(read(path_, 0, 20, 3).cut.size(), 3u * HitSound::kSampleRate);
  EXPECT_TRUE(read(path_, 0, 20, 0).cut.empty());
}

TEST_F(HitSoundTest, TimesThatAreNoneAreAFaultOrNothing) {
  for (const auto& [start_s, end_s] :
       {std::pair(kNan, kNan), {1e300, 1e301}, {5.0, 1.0}, {-3.0, -1.0}})
    EXPECT_TRUE(read(path_, start_s, end_s).cut.empty());
}

TEST_F(HitSoundTest, OneFaultLeavesTheOthers) {
  testing::write_bytes(folder_ / "text.wav", "not audio at all");
  const std::vector<Segment> hits{
      {folder_ / "gone.wav", 0, 1}, {path_, 10, 12}, {folder_ / "text.wav", 0, 1}, {path_, 1, 2}};
  HitSoundOptions options;
  options.threads = 3;
  const std::vector<HitSound> sounds = read_hit_sounds(hits, options);
  EXPECT_NE(sounds.at(0).fault, "");
  EXPECT_NE(sounds.at(2).fault, "");
  EXPECT_EQ(sounds.at(1).fault + sounds.at(3).fault, "");
  EXPECT_EQ(sounds.at(1).start_s, 8);
  EXPECT_EQ(sounds.at(3).end_s, 4);
}

TEST_F(HitSoundTest, WhatWasDecodedBeforeTheDamageStays) {
  std::string bytes = steps_wav();
  const float nan = std::nanf("");
  std::copy_n(reinterpret_cast<const char*>(&nan), 4, bytes.end() - 4);
  testing::write_bytes(path_, bytes);
  const std::vector<Segment> hits{{path_, 1, 3}, {path_, 17, 20}};
  const std::vector<HitSound> sounds = read_hit_sounds(hits, {});
  EXPECT_EQ(sounds.at(0).fault, "");
  EXPECT_NE(sounds.at(1).fault, "");
}

TEST(ReadLike, TheRowsWereMade) {
  EmbeddingHeader header;
  EXPECT_TRUE(read_like(header).stream.is_best());
  header.options = "window=10 pool=none stream=2 time-zero=container dtype=f32";
  EXPECT_EQ(read_like(header).stream.number, 2);
  EXPECT_EQ(read_like(header).time_zero, TimeZero::container);
}

}  // namespace
}  // namespace claptools
