#include "claptools/tasks/thresholds.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "support/errors.hpp"

namespace claptools {
namespace {

const std::vector<std::string> kLabels{"dog", "rain", "wind"};

std::vector<double> parse(const std::string& text) {
  std::istringstream in(text);
  return read_thresholds(in, "t.tsv", kLabels, 0.5);
}

std::string refusal(const std::string& text) {
  return testing::message_of(Fault::data, [&] { parse(text); });
}

TEST(Thresholds, AreThoseOfTheFileElseTheOther) {
  EXPECT_EQ(parse("\xEF\xBB\xBFwind\t0.25\r\n\ndog\t-1\n"), (std::vector<double>{-1, 0.5, 0.25}));
  EXPECT_EQ(parse(""), (std::vector<double>{0.5, 0.5, 0.5}));
}

TEST(Thresholds, MayHaveAHeader) {
  EXPECT_EQ(parse("label\tthreshold\nwind\t0.25\n"), (std::vector<double>{0.5, 0.5, 0.25}));
  EXPECT_EQ(parse("label,threshold\nwind,0.25\n"), (std::vector<double>{0.5, 0.5, 0.25}));
}

TEST(Thresholds, NameTheLineAtFault) {
  const std::string no_number = "is not label, tab, number from -1 to 1";
  for (const char* line : {"dog", "dog\t", "dog\tx", "dog\t0.5x", "dog\tnan", "dog\tinf",
                           "dog\t1.01", "dog\t 0.5", "dog\t0.5\t1", "dog\t1e999"}) {
    EXPECT_EQ(refusal("rain\t0\n" + std::string(line)), "t.tsv: line 2: " + no_number) << line;
  }
  EXPECT_EQ(refusal("cat\t0.5"), "t.tsv: line 1: 'cat' is not one of the labels");
  EXPECT_EQ(refusal("dog\t0.5\ndog\t0.4"), "t.tsv: line 2: label 'dog' occurs twice");
}

}  // namespace
}  // namespace claptools
