#include "claptools/core/strings/url.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

TEST(PercentEncode, LeavesNothingThatAUrlOrAPageCouldRead) {
  EXPECT_EQ(percent_encode("/a b/c#d?e%f.wav"), "/a%20b/c%23d%3Fe%25f.wav");
  EXPECT_EQ(percent_encode("'\"<>&\\:;=+"), "%27%22%3C%3E%26%5C%3A%3B%3D%2B");
  EXPECT_EQ(percent_encode("\n\t\x01\x7f"), "%0A%09%01%7F");
  EXPECT_EQ(percent_encode("gr\xc3\xbcn \xff"), "gr%C3%BCn%20%FF");
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
}

TEST(LinkTo, IsRelativeBelowThePageOnly) {
  EXPECT_EQ(link_to("/data/clips/a b.wav", "/data"), "clips/a%20b.wav");
  EXPECT_EQ(link_to("/data/a.wav", "/"), "data/a.wav");
  EXPECT_EQ(link_to("/data2/a.wav", "/data"), "file:///data2/a.wav");
  EXPECT_EQ(link_to("/a.wav", "/data"), "file:///a.wav");
  EXPECT_EQ(link_to("/data/http:/x.wav", "/data"), "http%3A/x.wav") << "not another scheme";
  EXPECT_EQ(link_to("/data/a.wav", ""), "file:///data/a.wav");
}

}  // namespace
}  // namespace claptools
