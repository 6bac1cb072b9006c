#include "claptools/text/unicode_tables.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

// The tokenizer classifies what a character folds to and does not fold it again.
TEST(UnicodeTables, FoldedCharactersAreFinal) {
  for (char32_t c = 0; c <= 0x110000; ++c) {
    for (const char32_t folded : bert_fold(c)) {
      const Folded again = bert_fold(folded);
      ASSERT_EQ(again.size, 1u) << std::hex << static_cast<unsigned>(c);
      ASSERT_EQ(again.chars[0], folded) << std::hex << static_cast<unsigned>(c);
    }
  }
}

TEST(UnicodeTables, ClassesAtTheirBorders) {
  EXPECT_EQ(bert_class(0), CharClass::control);
  EXPECT_EQ(bert_class('\t'), CharClass::space);
  EXPECT_EQ(bert_class('/'), CharClass::punctuation);
  EXPECT_EQ(bert_class('0'), CharClass::word);
  EXPECT_EQ(bert_class(0x4DFF), CharClass::word);
  EXPECT_EQ(bert_class(0x4E00), CharClass::ideograph);
  EXPECT_EQ(bert_class(0x301), CharClass::mark);
  EXPECT_EQ(bert_class(0x34F), CharClass::mark_starter);
  EXPECT_EQ(bert_class(0x302E), CharClass::combining);
  EXPECT_EQ(bert_class(0xFFFD), CharClass::control);
  EXPECT_EQ(bert_class(0x10FFFD), CharClass::control);  // private use
  EXPECT_EQ(bert_class(0x10FFFF), CharClass::word);     // not a character
}

TEST(UnicodeTables, CombiningClassesBelongToCombiningCharacters) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    ASSERT_EQ(combining_class(c) != 0, bert_class(c) == CharClass::combining)
        << std::hex << static_cast<unsigned>(c);
  }
}

TEST(UnicodeTables, HangulDecomposes) {
  const auto jamo = [](char32_t c) {
    const Folded folded = bert_fold(c);
    return std::u32string(folded.begin(), folded.end());
  };
  EXPECT_EQ(jamo(0xAC00), U"\u1100\u1161");
  EXPECT_EQ(jamo(0xAC01), U"\u1100\u1161\u11A8");
  EXPECT_EQ(jamo(0xD7A3), U"\u1112\u1175\u11C2");
}

TEST(UnicodeTables, LowersLikePython) {
  EXPECT_EQ(python_lower(0xC9).chars[0], char32_t{0xE9});
  EXPECT_EQ(python_lower(0x130).size, 2u);
  EXPECT_EQ(python_lower(0).chars[0], char32_t{0});
  EXPECT_TRUE(is_python_space(0x1C));
  EXPECT_FALSE(is_python_space(0x200B));
}

}  // namespace
}  // namespace claptools
