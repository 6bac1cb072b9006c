#include "claptools/core/strings/join.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace claptools {
namespace {

TEST(Join, PutsTheSeparatorBetweenParts) {
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
  EXPECT_EQ(join(std::vector<std::string>{"a"}, ", "), "a");
  EXPECT_EQ(join(std::vector<std::string>{"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join(std::vector<std::string>{"", "", "c"}, ","), ",,c") << "also around empty ones";
}

TEST(Join, TakesTheTextOfEachPart) {
  struct Part {
    std::string name;
  };
  EXPECT_EQ(join(std::vector<Part>{{"a"}, {"b"}}, " ", &Part::name), "a b");
  EXPECT_EQ(join(std::vector<int>{4, 16}, ",", [](int value) { return std::to_string(value); }),
            "4,16");
}

}  // namespace
}  // namespace claptools
