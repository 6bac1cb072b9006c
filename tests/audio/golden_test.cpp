#include <gtest/gtest.h>

#include <algorithm>

#include "audio/audio_files.hpp"
#include "claptools/audio/resampler.hpp"
#include "support/golden_h5.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::Golden;
using testing::GoldenFile;
using testing::max_abs_difference;

constexpr double kTolerance = 2e-6;
const std::filesystem::path kGoldens = CLAPTOOLS_SHARED "/goldens";

class AudioGolden : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kGoldens / "resample.h5")) {
      GTEST_SKIP() << "golden data are absent: " << kGoldens;
    }
  }
};

/// The first channel of a 16-bit WAV with `channels`, as a mono WAV.
std::string first_channel(const std::string& bytes, int channels, std::uint32_t sample_rate) {
  const std::size_t data = bytes.find("data") + 8;
  std::string samples;
  for (std::size_t i = data; i + 1 < bytes.size(); i += 2 * static_cast<std::size_t>(channels)) {
    samples += bytes.substr(i, 2);
  }
  return testing::wav({.sample_rate = sample_rate}, samples);
}

double part_difference(std::span<const float> whole, const GoldenFile& golden,
                       const std::string& name, std::size_t start) {
  const Golden part = golden.tensor(name);
  if (start + part.data.size() > whole.size()) return INFINITY;
  return max_abs_difference(whole.subspan(start, part.data.size()), part);
}

TEST_F(AudioGolden, ClipsAreDecodedMixedAndResampled) {
  const GoldenFile golden((kGoldens / "resample.h5").native());
  const testing::TempDir folder;
  int clips = 0;
  for (const std::string& clip : golden.list("/")) {
    if (!golden.contains(clip + "/segment")) continue;
    SCOPED_TRACE(clip);
    const auto number = [&](const char* name) { return golden.attribute(clip, name).at(0); };
    const auto path = kGoldens / "audio" / (clip + ".wav");
    const auto mono = testing::read_all(path);
    ASSERT_EQ(mono.size(), static_cast<std::size_t>(number("n_out")));
    EXPECT_LE(max_abs_difference(mono, golden.tensor(clip + "/mono")), kTolerance);

    const auto channel_path = folder / "channel.wav";
    testing::write_bytes(
        channel_path, first_channel(testing::read_bytes(path), static_cast<int>(number("channels")),
                                    static_cast<std::uint32_t>(number("from_rate"))));
    const auto channel = testing::read_all(channel_path);
    ASSERT_EQ(channel.size(), mono.size());
    EXPECT_LE(max_abs_difference(channel, golden.tensor(clip + "/channel0")), kTolerance);
    EXPECT_LE(part_difference(channel, golden, clip + "/head", 0), kTolerance);
    EXPECT_LE(part_difference(channel, golden, clip + "/tail", channel.size() - 512), kTolerance);
    const auto start = static_cast<std::size_t>(number("start"));
    EXPECT_LE(part_difference(channel, golden, clip + "/segment", start), kTolerance);
    ++clips;
  }
  EXPECT_EQ(clips, 10);
}

TEST_F(AudioGolden, LengthsAreExact) {
  const GoldenFile golden((kGoldens / "resample.h5").native());
  const auto triples = golden.ints("lengths/rate_nin_nout");
  ASSERT_EQ(triples.size(), 3 * 56U);
  for (std::size_t i = 0; i < triples.size(); i += 3) {
    Resampler resampler(static_cast<int>(triples[i]), 32000);
    std::vector<float> output;
    resampler.push(std::vector<float>(static_cast<std::size_t>(triples[i + 1])), output);
    resampler.finish(output);
    EXPECT_EQ(output.size(), static_cast<std::size_t>(triples[i + 2])) << "rate " << triples[i];
  }
}

TEST_F(AudioGolden, VorbisIsDecodedAsByAnotherDecoder) {
  const GoldenFile golden((kGoldens / "resample.h5").native());
  for (const std::string clip : {"dog", "baby"}) {
    const auto decoded = testing::read_all(kGoldens / "audio" / (clip + ".ogg"), 44100);
    EXPECT_LE(max_abs_difference(decoded, golden.tensor("ogg_" + clip + "/decoded")), 1e-5) << clip;
  }
}

}  // namespace
}  // namespace claptools
