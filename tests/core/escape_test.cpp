#include "claptools/core/strings/escape.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

TEST(EscapeControls, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(escape_controls("caf\xC3\xA9 \\ 狗.wav"), "caf\xC3\xA9 \\ 狗.wav");
}

TEST(EscapeControls, EscapesC0DelAndC1) {
  EXPECT_EQ(escape_controls("a\x1b[31m\x7f\xC2\x9b"), "a\\x1b[31m\\x7f\\xc2\\x9b");
  EXPECT_EQ(escape_controls(std::string("\0\n\t\r", 4)), "\\x00\\n\\t\\r");
}

TEST(EscapeControls, EscapesInvalidUtf8ByByte) {
  EXPECT_EQ(escape_controls("\xFF\xE3\x81"), "\\xff\\xe3\\x81");
}

TEST(EscapeTsv, RoundTripsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  all += "\\x41 C:\\new\\table";
  EXPECT_EQ(unescape_tsv(escape_tsv(all)), all);
  EXPECT_EQ(escape_tsv("a\tb\\"), "a\\tb\\\\");
}

TEST(Shorten, CutsBetweenCharacters) {
  EXPECT_EQ(shorten("name", 4), "name");
  EXPECT_EQ(shorten("names", 4), "name...");
  EXPECT_EQ(shorten("caf\xC3\xA9s", 4), "caf...");
  EXPECT_EQ(shorten(std::string(1000, 'x')).size(), 63u);
}

}  // namespace
}  // namespace claptools
