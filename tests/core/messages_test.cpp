// What messages are made with: suggestions and lines of bounded length.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/shorten.hpp"
#include "claptools/core/strings/suggest.hpp"
#include "claptools/core/strings/utf8.hpp"

namespace claptools {
namespace {

const std::array<std::string, 4> kPools = {"none", "codebook", "mean", "first"};

TEST(NearestWord, FindsOneSlip) {
  EXPECT_EQ(nearest_word("meen", kPools), "mean");
  EXPECT_EQ(nearest_word("maen", kPools), "mean") << "exchanged";
  EXPECT_EQ(nearest_word("men", kPools), "mean") << "left out";
  EXPECT_EQ(nearest_word("MEAN", kPools), "mean") << "capitals";
  EXPECT_EQ(nearest_word("codebok", kPools), "codebook");
}

TEST(NearestWord, IsEmptyWhereNothingIsNear) {
  EXPECT_EQ(nearest_word("attention", kPools), "");
  EXPECT_EQ(nearest_word("", kPools), "");
  EXPECT_EQ(nearest_word(std::string(1'000'000, 'a'), kPools), "");
}

TEST(NotOneOf, ListsTheWords) {
  EXPECT_EQ(not_one_of("max", kPools), "'max' is not one of none, codebook, mean, first");
  EXPECT_EQ(not_one_of("frist", kPools),
            "'frist' is not one of none, codebook, mean, first; did you mean 'first'?");
}

TEST(ShortenMessage, LeavesAShortOneAsItIs) {
  EXPECT_EQ(shorten_message("a.wav: no audio stream", 30), "a.wav: no audio stream");
}

TEST(ShortenMessage, KeepsTheReasonBehindALongName) {
  const std::string text = shorten_message(std::string(4000, 'n') + ".wav: no audio stream", 100);
  EXPECT_LE(text.size(), 100);
  EXPECT_TRUE(text.ends_with(".wav: no audio stream")) << text;
  EXPECT_TRUE(text.starts_with("nnnn")) << text;
}

TEST(ShortenMessage, CutsNeitherCharactersNorEscapes) {
  for (const std::string unit : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\xb6", "\x1b", "\xff"}) {
    std::string name;
    for (int i = 0; i < 500; ++i) name += unit;
    const std::string escaped = escape_controls(name);
    for (std::size_t most = 16; most < 120; ++most) {
      const std::string text = shorten_message(escaped, most);
      EXPECT_LE(text.size(), most);
      EXPECT_GE(text.size() + 14, std::min<std::size_t>(most, 64));
      EXPECT_TRUE(is_utf8(text)) << text;
      const std::string one = escape_controls(unit);
      const std::size_t head = text.find("...");
      EXPECT_EQ(head % one.size(), 0) << text;
      EXPECT_EQ((text.size() - head - 3) % one.size(), 0) << text;
    }
  }
}

TEST(ShortenMessage, CutsManyShortWordsAsWell) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "word ";
  EXPECT_LE(shorten_message(text + "end", 300).size(), 300);
  EXPECT_TRUE(shorten_message(text + "end", 300).ends_with("end"));
}

}  // namespace
}  // namespace claptools
