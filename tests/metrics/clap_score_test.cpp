#include "claptools/metrics/generation/clap_score.hpp"

#include <gtest/gtest.h>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

TEST(ClapScore, IsTheCosineOfEachPair) {
  Matrix audio(2, 2), text(2, 2);
  audio.data = {3, 4, 0, 2};
  text.data = {1, 0, -6, -8};
  const std::vector<CaptionPair> pairs{{0, 0}, {0, 1}, {1, 1}};
  const auto cosines = pair_cosines(audio, text, pairs);
  ASSERT_EQ(cosines.size(), 3U);
  EXPECT_NEAR(cosines[0], 0.6, 1e-15);
  EXPECT_NEAR(cosines[1], -1, 1e-15);
  EXPECT_NEAR(cosines[2], -0.8, 1e-15);
  audio.data[3] = 0;
  EXPECT_EQ(testing::data_error([&] { pair_cosines(audio, text, pairs); }),
            "row 1 of the audio: is zero or not finite");
  EXPECT_EQ(testing::data_error([&] { pair_cosines(audio, Matrix(1, 3), pairs); }),
            "embeddings: have different dimensions");
}

const std::vector<std::string> kAudios{"a.wav", "b.wav"}, kTexts{"rain", "a dog, barking"};

std::vector<CaptionPair> match(const std::string& csv) {
  ClipMatcher audios(kAudios);
  return match_caption_pairs(testing::parse_table(csv), "t.csv", audios, kTexts, "text.h5");
}

TEST(CaptionPairs, AreFoundByTextByNumberOrByOrder) {
  using Pairs = std::vector<CaptionPair>;
  EXPECT_EQ(match("audio_id,caption\nb.wav,rain\na.wav,\"a dog, barking\"\na,rain\n"),
            (Pairs{{1, 0}, {0, 1}, {0, 0}}));
  EXPECT_EQ(match("audio_id,caption_index\nb.wav,0\na.wav,0\n"), (Pairs{{1, 0}, {0, 0}}));
  EXPECT_EQ(match("audio_id\nb.wav\na.wav\n"), (Pairs{{1, 0}, {0, 1}}));
}

TEST(CaptionPairs, RefuseWhatHasNoText) {
  const auto refusal = [](const std::string& csv) {
    return testing::data_error([&] { match(csv); });
  };
  EXPECT_EQ(refusal("audio_id,caption\na,rain\nb,snow\n"),
            "t.csv: caption 'snow' of 'b' has no text embedding");
  EXPECT_EQ(refusal("audio_id,caption_index\na,2\nb,0\n"),
            "t.csv: caption '2' of 'a' has no text embedding");
  EXPECT_EQ(refusal("audio_id\na\nb\na\n"), "t.csv: caption '2' of 'a' has no text embedding");
  EXPECT_EQ(refusal("audio_id,caption\na,rain\n"), "t.csv: has no caption of 'b.wav'");
  EXPECT_NE(refusal("audio_id,caption\na,rain\nb,rain\nc,rain\n").find("'c'"), std::string::npos);
}

}  // namespace
}  // namespace claptools
