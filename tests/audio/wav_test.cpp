#include "claptools/audio/wav.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "claptools/audio/audio_reader.hpp"

namespace claptools {
namespace {

TEST(WavBytes, AreReadBackByLibav) {
  const std::vector<std::int16_t> samples{0, 16384, -32768, 32767, 1};
  const std::string bytes = wav_bytes(samples, 24000);
  EXPECT_EQ(bytes.size(), 44 + 10u);
  AudioReader reader({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "cut.wav",
                     24000);
  std::vector<float> mono(10);
  ASSERT_EQ(reader.read(mono), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_EQ(mono[i], samples[i] / 32768.0f);
}

TEST(WavBytes, OfNothingAreAHeader) { EXPECT_EQ(wav_bytes({}, 8000).size(), 44u); }

}  // namespace
}  // namespace claptools
