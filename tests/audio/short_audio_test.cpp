#include "claptools/audio/short_audio.hpp"

#include <gtest/gtest.h>

#include "support/errors.hpp"

namespace claptools {
namespace {

using Samples = std::vector<float>;

Samples fitted(Samples samples, std::size_t length, ShortAudio mode) {
  fit_duration(samples, length, mode);
  return samples;
}

TEST(ShortAudio, FillsShorterAudio) {
  EXPECT_EQ(fitted({1, 2, 3}, 8, ShortAudio::zero), (Samples{1, 2, 3, 0, 0, 0, 0, 0}));
  EXPECT_EQ(fitted({1, 2, 3}, 8, ShortAudio::repeat), (Samples{1, 2, 3, 1, 2, 3, 1, 2}));
  EXPECT_EQ(fitted({1, 2, 3}, 8, ShortAudio::repeatpad), (Samples{1, 2, 3, 1, 2, 3, 0, 0}));
  EXPECT_EQ(fitted({1, 2, 3}, 5, ShortAudio::repeatpad), (Samples{1, 2, 3, 0, 0}));
  EXPECT_EQ(fitted({1, 2, 3}, 8, ShortAudio::stretch), (Samples{1, 2, 3}));
}

TEST(ShortAudio, CutsLongerAudio) {
  for (const ShortAudio mode : {ShortAudio::zero, ShortAudio::repeat, ShortAudio::stretch}) {
    EXPECT_EQ(fitted({1, 2, 3}, 2, mode), (Samples{1, 2}));
    EXPECT_EQ(fitted({1, 2, 3}, 3, mode), (Samples{1, 2, 3}));
  }
}

TEST(ShortAudio, HasNothingToRepeatInEmptyAudio) {
  EXPECT_EQ(fitted({}, 3, ShortAudio::zero), (Samples{0, 0, 0}));
  EXPECT_EQ(fitted({}, 3, ShortAudio::repeat), Samples{});
}

TEST(ShortAudio, ReadsAndWritesItsNames) {
  for (const char* word : {"zero", "repeat", "repeatpad", "stretch"}) {
    EXPECT_EQ(to_string(parse_short_audio(word)), word);
  }
  EXPECT_EQ(testing::message_of(Fault::usage, [] { parse_short_audio("pad"); }),
            "`short_audio`: 'pad' is not one of zero, repeat, repeatpad, stretch");
}

}  // namespace
}  // namespace claptools
