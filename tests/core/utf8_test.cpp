#include "claptools/core/strings/utf8.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

TEST(Utf8, EveryCodePointRoundTrips) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    const Utf8Char got = decode_utf8(text);
    ASSERT_TRUE(got.valid) << std::hex << static_cast<unsigned>(c);
    ASSERT_EQ(got.code_point, c);
    ASSERT_EQ(got.length, text.size());
  }
}

// The same replacement as Python's bytes.decode('utf-8', 'replace'), which gave the expected texts.
TEST(Utf8, ReplacesMaximalInvalidSequences) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(replace_invalid_utf8("a\xFFz"), "a" + bad + "z");
  EXPECT_EQ(replace_invalid_utf8("\xC0\xAF"), bad + bad);            // overlong
  EXPECT_EQ(replace_invalid_utf8("\xED\xA0\x80"), bad + bad + bad);  // surrogate
  EXPECT_EQ(replace_invalid_utf8("\xF0\x9F\x90"), bad);              // cut off
  EXPECT_EQ(replace_invalid_utf8("\xF4\x90\x80\x80"), bad + bad + bad + bad);
  EXPECT_TRUE(is_utf8("狗"));
  EXPECT_FALSE(is_utf8("\xE7\x8B"));
}

}  // namespace
}  // namespace claptools
