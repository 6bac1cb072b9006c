#include "claptools/audio/resampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "audio/audio_files.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using testing::noise;

constexpr double kTolerance = 2e-6;

std::vector<float> resample(std::span<const float> input, int from, int to, std::size_t chunk) {
  Resampler resampler(from, to);
  std::vector<float> output;
  for (std::size_t i = 0; i < input.size(); i += chunk) {
    resampler.push(input.subspan(i, std::min(chunk, input.size() - i)), output);
  }
  resampler.finish(output);
  return output;
}

TEST(Resampler, AgreesWithTheFormulaInDouble) {
  std::ifstream golden(testing::kAudioData / "resample.tsv");
  std::string line;
  int pairs = 0;
  while (std::getline(golden, line)) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    int from = 0;
    int to = 0;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    fields >> from >> to >> inputs >> outputs;
    SCOPED_TRACE(std::to_string(from) + " to " + std::to_string(to));
    const auto output = resample(noise(inputs), from, to, inputs);
    ASSERT_EQ(output.size(), outputs);
    for (std::size_t i = 0; i < outputs; i += 7) {
      double expected = 0;
      ASSERT_TRUE(fields >> expected);
      EXPECT_NEAR(output[i], expected, kTolerance) << "output " << i;
    }
    ++pairs;
  }
  EXPECT_EQ(pairs, 13);
}

TEST(Resampler, DoesNotDependOnHowTheInputIsCut) {
  const auto input = noise(9001);
  for (const int from : {8000, 44100, 44101, 48000, 32000, 767999}) {
    const auto whole = resample(input, from, 32000, input.size());
    for (const std::size_t chunk : {1, 7, 4096}) {
      EXPECT_TRUE(std::ranges::equal(resample(input, from, 32000, chunk), whole))
          << from << " Hz in pieces of " << chunk;
    }
  }
}

TEST(Resampler, PassesEqualRatesThrough) {
  const auto input = noise(100);
  EXPECT_EQ(resample(input, 32000, 32000, 9), input);
}

TEST(Resampler, GivesTheCeilingOfTheExactLength) {
  for (const int from : {1000, 11025, 44100, 44101, 48000, 768000}) {
    for (const int to : {32000, 48000}) {
      for (const std::uint64_t inputs : {0, 1, 2, 3, 23, 24, 25, 1000}) {
        const auto rate = static_cast<std::uint64_t>(from);
        const std::uint64_t expected = (inputs * static_cast<std::uint64_t>(to) + rate - 1) / rate;
        EXPECT_EQ(resample(noise(inputs), from, to, 11).size(), expected) << from << " " << inputs;
      }
    }
  }
}

TEST(Resampler, RefusesImpossibleRates) {
  for (const int rate : {0, -1, 768001}) {
    EXPECT_THROW(Resampler(rate, 32000), Error);
    EXPECT_THROW(Resampler(32000, rate), Error);
  }
}

}  // namespace
}  // namespace claptools
