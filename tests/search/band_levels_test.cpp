#include "claptools/search/band_levels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace claptools {
namespace {

constexpr int kRate = 24000;

std::vector<float> tone(double hz, std::size_t samples) {
  std::vector<float> out(samples);
  for (std::size_t i = 0; i < samples; ++i)
    out[i] =
        static_cast<float>(std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / kRate));
  return out;
}

std::size_t loudest(std::span<const float> row) {
  return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

/// The band of a frequency by the definition: mel of O'Shaughnessy from 50 Hz to 12 kHz.
double band_of(double hz) {
  const auto mel = [](double f) { return 2595 * std::log10(1 + f / 700); };
  return (mel(hz) - mel(50)) / (mel(12000) - mel(50)) * BandLevels::kBands;
}

TEST(BandLevels, ATonesBandIsTheLoudest) {
  for (const double hz : {500.0, 1000.0, 3000.0, 9000.0}) {
    BandLevels levels(kRate, kRate, 100);
    levels.push(tone(hz, kRate));
    const Matrix all = levels.finish();
    ASSERT_EQ(all.rows, 100u);
    ASSERT_EQ(all.cols, BandLevels::kBands);
    EXPECT_NEAR(static_cast<double>(loudest(all.row(50))), band_of(hz) - 0.5, 1) << hz;
  }
}

/// Less the mean over the bins of its band, at most four there.
TEST(BandLevels, AFullScaleSineIsAboutZeroDecibels) {
  BandLevels levels(kRate, kRate, 10);
  levels.push(tone(500 * kRate / 24000.0, kRate));
  const Matrix all = levels.finish();
  EXPECT_NEAR(*std::ranges::max_element(all.row(5)), -3, 3);
}

TEST(BandLevels, SilenceIsTheFloor) {
  BandLevels levels(kRate, 5000, 10);
  levels.push(std::vector<float>(5000));
  const Matrix all = levels.finish();
  EXPECT_EQ(all.data, std::vector<float>(10 * BandLevels::kBands, -100.0f));
}

TEST(BandLevels, AClickIsWhereItWas) {
  std::vector<float> sound(kRate * 2);
  sound[kRate] = 1;
  BandLevels levels(kRate, sound.size(), 40);
  levels.push(sound);
  const Matrix all = levels.finish();
  for (std::size_t c = 0; c < all.rows; ++c)
    EXPECT_EQ(all.row(c)[20] > -90, c == 19 || c == 20) << c;
}

TEST(BandLevels, TheSameInAnyBlocks) {
  const std::vector<float> sound = tone(700, 30001);
  BandLevels whole(kRate, sound.size(), 77), parts(kRate, sound.size(), 77);
  whole.push(sound);
  for (std::size_t i = 0; i < sound.size(); i += 997)
    parts.push(std::span(sound).subspan(i, std::min<std::size_t>(997, sound.size() - i)));
  EXPECT_EQ(whole.finish().data, parts.finish().data);
}

TEST(BandLevels, OfAShortAndOfABrokenOffSound) {
  BandLevels one(kRate, 1, 600);
  one.push(std::vector<float>(1, 0.5f));
  EXPECT_EQ(one.finish().rows, 1u);
  BandLevels half(kRate, 24000, 100);
  half.push(tone(1000, 12000));
  EXPECT_EQ(half.finish().rows, 50u);
  BandLevels none(kRate, 24000, 100);
  EXPECT_EQ(none.finish().rows, 0u);
}

}  // namespace
}  // namespace claptools
