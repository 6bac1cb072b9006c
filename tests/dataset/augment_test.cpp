#include "claptools/dataset/augment.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

double power(std::span<const float> clip) {
  double sum = 0;
  for (const float x : clip) sum += double{x} * x;
  return sum / static_cast<double>(clip.size());
}

double decibels(double ratio) { return 10 * std::log10(ratio); }

std::vector<float> sine(std::size_t size, double frequency) {  // of the sample rate
  std::vector<float> wave(size);
  for (std::size_t i = 0; i < size; ++i)
    wave[i] =
        static_cast<float>(std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i)));
  return wave;
}

/// Mean power of `clip` near a frequency (of the sample rate), by DFT lines of short blocks.
double density(std::span<const float> clip, double frequency) {
  constexpr std::size_t kBlock = 1000;
  double sum = 0;
  for (std::size_t at = 0; at + kBlock <= clip.size(); at += kBlock) {
    std::complex<double> line = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
      line += double{clip[at + i]} *
              std::polar(1.0, 2 * std::numbers::pi * frequency * static_cast<double>(i));
    sum += std::norm(line);
  }
  return sum;
}

TEST(Augment, GainChangesTheEnergy) {
  std::vector<float> clip = sine(1000, 0.01);
  const double before = power(clip);
  apply_gain(clip, -6);
  EXPECT_NEAR(decibels(power(clip) / before), -6, 1e-4);
}

TEST(Augment, ShiftsInTime) {
  const std::vector<float> clip{1, 2, 3, 4};
  const auto shifted = [&](std::ptrdiff_t samples, bool circular) {
    std::vector<float> copy = clip;
    shift_time(copy, samples, circular);
    return copy;
  };
  EXPECT_THAT(shifted(1, true), ElementsAre(4, 1, 2, 3));
  EXPECT_THAT(shifted(-1, true), ElementsAre(2, 3, 4, 1));
  EXPECT_THAT(shifted(1, false), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(shifted(-3, false), ElementsAre(4, 0, 0, 0));
  EXPECT_THAT(shifted(0, false), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(shifted(4, true), ElementsAre(1, 2, 3, 4));
  for (const std::ptrdiff_t far : {4, -4, 9, -9}) EXPECT_THAT(shifted(far, false), Each(0));
  shift_time({}, 3, true);
}

TEST(Augment, NoiseHasTheSnrAskedFor) {
  const std::vector<float> clip = sine(5000, 0.013);
  for (const NoiseColour colour : {NoiseColour::white, NoiseColour::pink}) {
    std::vector<float> noisy = clip;
    Random random(1);
    add_noise(noisy, colour, 12, random);
    for (std::size_t i = 0; i < clip.size(); ++i) noisy[i] -= clip[i];
    EXPECT_NEAR(decibels(power(clip) / power(noisy)), 12, 1e-3);
  }
  std::vector<float> silence(100);
  Random random(1);
  add_noise(silence, NoiseColour::white, 12, random);
  EXPECT_THAT(silence, Each(0));
}

TEST(Augment, PinkNoiseFallsWithFrequency) {
  for (const NoiseColour colour : {NoiseColour::white, NoiseColour::pink}) {
    const auto clip = sine(400000, 0.25);
    std::vector<float> noise = clip;
    Random random(2);
    add_noise(noise, colour, 0, random);
    for (std::size_t i = 0; i < clip.size(); ++i) noise[i] -= clip[i];
    const double expected = colour == NoiseColour::white ? 0 : decibels(16);
    EXPECT_NEAR(decibels(density(noise, 0.005) / density(noise, 0.08)), expected, 2);
  }
}

TEST(Augment, MixesAtEqualPower) {
  std::vector<float> clip{1, -1, 1, -1};
  mix_in(clip, std::vector<float>{10, 10}, 0.25);  // comes at power 1
  EXPECT_THAT(clip, ElementsAre(1, -0.5, 0.75, -0.75));
  const std::vector<float> before = clip;
  mix_in(clip, std::vector<float>(4), 0.5);
  mix_in(clip, {}, 0.5);
  EXPECT_EQ(clip, before);
  std::vector<float> silence(4);
  mix_in(silence, clip, 0.5);
  EXPECT_THAT(silence, Each(0));
}

TEST(Augment, SpeedChangesLengthAndPitch) {
  const auto clip = sine(4001, 0.02);
  for (const int percent : {80, 97, 125}) {
    const auto changed = change_speed(clip, percent);
    EXPECT_EQ(changed.size(), static_cast<std::size_t>((400100 + percent - 1) / percent));
    const auto expected = sine(changed.size(), 0.02 * percent / 100);
    for (std::size_t i = 100; i + 100 < changed.size(); ++i)
      ASSERT_NEAR(changed[i], expected[i], 2e-2) << percent << " % at " << i;
  }
}

/// The response at a frequency, in dB, once the filter has settled.
double response(Shelf shelf, double corner_hz, double gain_db, double frequency_hz) {
  auto wave = sine(64000, frequency_hz / 32000);
  const auto settled = std::span(wave).subspan(32000);
  const double before = power(settled);
  apply_shelf(wave, shelf, corner_hz, gain_db, 32000);
  return decibels(power(settled) / before);
}

TEST(Augment, ShelvesRaiseOneEndOnly) {
  for (const double gain_db : {-9.0, 6.0}) {
    EXPECT_NEAR(response(Shelf::low, 500, gain_db, 5), gain_db, 0.05);
    EXPECT_NEAR(response(Shelf::low, 500, gain_db, 500), gain_db / 2, 0.05);
    EXPECT_NEAR(response(Shelf::low, 500, gain_db, 15900), 0, 0.05);
    EXPECT_NEAR(response(Shelf::high, 4000, gain_db, 15990), gain_db, 0.05);
    EXPECT_NEAR(response(Shelf::high, 4000, gain_db, 4000), gain_db / 2, 0.05);
    EXPECT_NEAR(response(Shelf::high, 4000, gain_db, 20), 0, 0.05);
  }
}

TEST(Augment, NothingHappensByDefault) {
  const auto clip = sine(500, 0.02);
  auto same = clip;
  Random random(5);
  augment(same, {}, 1000, random);
  EXPECT_EQ(same, clip);
}

TEST(Augment, EverythingAtOnceStaysFinite) {
  AugmentOptions options;
  options.shelf_db = 12;
  options.gain_db = 12;
  options.shift_s = 1;
  options.polarity = true;
  options.noise = 1;
  check(options);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    auto clip = sine(1 + seed * 7, 0.02);
    Random random(seed);
    augment(clip, options, seed % 2 == 0 ? 1000 : 32000, random);
    add_random_noise(clip, options, random);
    for (const float x : clip) ASSERT_TRUE(std::isfinite(x));
  }
}

TEST(Augment, OptionsOutOfRangeAreNamed) {
  const auto refused = [](auto AugmentOptions::*option, double value) {
    AugmentOptions options;
    options.*option = value;
    EXPECT_THROW(check(options), Error) << value;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {-0.1, nan, 1e9}) {
    for (const auto option :
         {&AugmentOptions::speed, &AugmentOptions::mix, &AugmentOptions::mix_share,
          &AugmentOptions::shelf_db, &AugmentOptions::gain_db, &AugmentOptions::shift_s,
          &AugmentOptions::noise, &AugmentOptions::place})
      refused(option, bad);
  }
  refused(&AugmentOptions::noise_snr_db_min, 41);
  EXPECT_NO_THROW(check(AugmentOptions()));
}

}  // namespace
}  // namespace claptools
