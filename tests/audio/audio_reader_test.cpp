#include "claptools/audio/audio_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "audio/audio_files.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::kAudioData;
using testing::read_all;
using testing::TempDir;
using testing::wav;
using testing::write_bytes;

/// Amplitude of the part of `samples` at `frequency`, away from the ends.
double amplitude(std::span<const float> samples, double frequency, int sample_rate) {
  const auto middle = samples.subspan(samples.size() / 6, samples.size() * 2 / 3);
  double re = 0;
  double im = 0;
  for (std::size_t i = 0; i < middle.size(); ++i) {
    const double angle = 2 * std::numbers::pi * frequency * static_cast<double>(i) / sample_rate;
    re += middle[i] * std::cos(angle);
    im += middle[i] * std::sin(angle);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(middle.size());
}

TEST(AudioReader, ReadsEveryEncodingOfATone) {
  struct Case {
    const char* name;
    std::size_t samples;  // at 32 kHz; 0.3 s are 9600, the ffmpeg program says the rest
  };
  // ffmpeg 5.1 on these files: 13102 samples of tone.ogg, 13312 of AAC, 14976 of an MP3 that tells
  // no delay.
  for (const auto& [name, samples] :
       {Case{"tone.wav", 9600}, Case{"tone.aiff", 9600}, Case{"tone.flac", 9600},
        Case{"tone.ogg", 9508}, Case{"tone.opus", 9600}, Case{"tone.webm", 9600},
        Case{"tone.mp3", 9600}, Case{"bare.mp3", 10867}, Case{"tone.m4a", 9660},
        Case{"video.mp4", 9660}, Case{"short.caf", 3200}, Case{"short.w64", 3200},
        Case{"short.avi", 3200}, Case{"tone.mp2", 10032}, Case{"tone.oga", 9600},
        Case{"tone.spx", 9600}, Case{"live.webm", 9600}, Case{"live.mka", 9600}}) {
    const auto mono = read_all(kAudioData / name);
    EXPECT_EQ(mono.size(), samples) << name;
    EXPECT_NEAR(amplitude(mono, 440, 32000), 0.125, 0.01) << name;
  }
}

TEST(AudioReader, LosslessEncodingsGiveTheSameSamples) {
  const auto expected = read_all(kAudioData / "tone.wav");
  EXPECT_EQ(read_all(kAudioData / "tone.flac"), expected);
  EXPECT_EQ(read_all(kAudioData / "tone.aiff"), expected);
}

TEST(AudioReader, ScalesEverySampleFormat) {
  const TempDir folder;
  const auto file = folder / "a.wav";
  const auto read_as = [&](int tag, int bits, const std::string& bytes) {
    write_bytes(file, wav({.tag = tag, .bits = bits}, bytes));
    return read_all(file);
  };
  const std::vector<float> expected{0, -1, 0.5F};
  EXPECT_EQ(read_as(1, 8, std::string("\x80\x00\xC0", 3)), expected);
  EXPECT_EQ(read_as(1, 16, std::string("\0\0\0\x80\0\x40", 6)), expected);
  EXPECT_EQ(read_as(1, 24, std::string("\0\0\0\0\0\x80\0\0\x40", 9)), expected);
  EXPECT_EQ(read_as(1, 32, std::string("\0\0\0\0\0\0\0\x80\0\0\0\x40", 12)), expected);
  EXPECT_EQ(read_as(3, 32, testing::float_bytes(expected)), expected);
  std::string doubles;
  for (const double x : {0.0, -1.0, 0.5}) {
    doubles += testing::little_endian(std::bit_cast<std::uint64_t>(x), 8);
  }
  EXPECT_EQ(read_as(3, 64, doubles), expected);
}

TEST(AudioReader, AveragesChannels) {
  const TempDir folder;
  const auto file = folder / "a.wav";
  const std::vector<float> frames{0.5F, -0.25F, 0.125F, 1, 1, -1};
  write_bytes(file, wav({.tag = 3, .channels = 3, .bits = 32}, testing::float_bytes(frames)));
  EXPECT_EQ(read_all(file), (std::vector<float>{0.125F, 1.0F / 3}));
}

TEST(AudioReader, ReadsOneSample) {
  const TempDir folder;
  write_bytes(folder / "one.wav", wav({.sample_rate = 44100}, std::string("\0\x40", 2)));
  EXPECT_EQ(read_all(folder / "one.wav").size(), 1U);
}

TEST(AudioReader, ReadsWavOfUndeclaredLength) {
  const TempDir folder;
  const std::string samples(20002, '\x11');
  for (const std::uint32_t placeholder : {0U, 0xFFFFFFFFU, 0x7FFFF000U, 0x7FFFFFFEU}) {
    const auto file = folder / "stream.wav";
    write_bytes(file, testing::wav_header({}, placeholder) + samples);
    EXPECT_EQ(read_all(file).size(), samples.size() / 2) << placeholder;
  }
}

TEST(AudioReader, TakesNamesAsTheyAre) {
  const TempDir folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const std::string name :
       {"http:x.wav", "concat:a|b", "pipe:0", "-", "a%03d.wav", "tone.png", "new\nline"}) {
    write_bytes(name, testing::read_bytes(kAudioData / "tone.wav"));
    EXPECT_EQ(read_all(name).size(), 9600U) << name;
  }
  std::filesystem::current_path(before);
}

TEST(AudioReader, SkipsWhatIsLeft) {
  for (const int rate : {32000, 44100, 48000, 8000}) {
    const std::size_t length = read_all(kAudioData / "tone.wav", rate).size();
    AudioReader reader(kAudioData / "tone.wav", rate);
    EXPECT_EQ(reader.skip_rest([] { return true; }), length);
    std::vector<float> samples(100);
    EXPECT_EQ(reader.read(samples), 0U);
    AudioReader begun(kAudioData / "tone.wav", rate);
    begun.read(samples);
    EXPECT_EQ(begun.skip_rest([] { return true; }), length);
  }
  EXPECT_LT(AudioReader(kAudioData / "tone.wav", 32000).skip_rest([] { return false; }), 9600U);
}

TEST(AudioReader, CanBeMoved) {
  AudioReader first(kAudioData / "tone.flac", 44100);
  std::vector<float> samples(13230);
  ASSERT_EQ(first.read(std::span(samples).first(1000)), 1000U);
  AudioReader second(std::move(first));
  EXPECT_EQ(second.read(std::span(samples).subspan(1000)), 12230U);
  EXPECT_EQ(second.read(std::span(samples)), 0U);
  EXPECT_EQ(samples, read_all(kAudioData / "tone.wav", 44100));
}

}  // namespace
}  // namespace claptools
