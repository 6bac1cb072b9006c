#include "claptools/core/strings/number.hpp"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <limits>

namespace claptools {
namespace {

constexpr WholeRange kThreads{1, 4096};
constexpr RealRange kLength{0, 86400, "s", true};

TEST(Parse, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse<int>("-12"), -12);
  EXPECT_EQ(parse<std::size_t>("007"), 7U);
  EXPECT_EQ(parse<double>("-.5e1"), -5);
  EXPECT_EQ(parse<float>("inf"), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(parse<double>("nan").value()));
  for (const char* text : {"", " 1", "1 ", "+1", "0x1", "1,5", "one", "1\n"}) {
    EXPECT_FALSE(parse<int>(text)) << text;
    EXPECT_FALSE(parse<double>(text)) << text;
  }
  EXPECT_FALSE(parse<std::size_t>("-1"));
  EXPECT_FALSE(parse<int>("1.5"));
}

TEST(Parse, RefusesWhatItsTypeDoesNotHold) {
  EXPECT_FALSE(parse<int>("2147483648"));
  EXPECT_FALSE(parse<float>("1e39"));
  unsigned char value = 7;
  EXPECT_EQ(parse("256", value), std::errc::result_out_of_range);
  EXPECT_EQ(parse("25x", value), std::errc::invalid_argument);
}

TEST(ReadNumber, TakesDecimalNumbersWithinTheRange) {
  std::uint64_t whole = 0;
  double real = 0;
  EXPECT_EQ(read_number("4096", kThreads, whole), "");
  EXPECT_EQ(whole, 4096);
  EXPECT_EQ(read_number("010", kThreads, whole), "");
  EXPECT_EQ(whole, 10) << "no octal";
  EXPECT_EQ(read_number("18446744073709551615", WholeRange{}, whole), "");
  EXPECT_EQ(whole, 18446744073709551615U);
  EXPECT_EQ(read_number("2.5e1", kLength, real), "");
  EXPECT_EQ(real, 25);
  EXPECT_EQ(read_number("-1", RealRange{-1, 1}, real), "");
  EXPECT_EQ(real, -1);
}

TEST(ReadNumber, RefusesWhatIsNoNumber) {
  std::uint64_t whole = 7;
  double real = 7;
  for (const char* word : {"", " 5", "5 ", "+5", "0x10", "5s", "1_000", "five", "-", "--5", "1.5"})
    EXPECT_NE(read_number(word, kThreads, whole), "") << word;
  for (const char* word : {"", " 5", "5 ", "0x10", "5s", "1,5", "5e", "five", "-"})
    EXPECT_NE(read_number(word, kLength, real), "") << word;
  EXPECT_EQ(whole, 7) << "what is refused sets nothing";
  EXPECT_EQ(real, 7);
}

TEST(ReadNumber, RefusesWhatIsOutOfItsRange) {
  std::uint64_t whole = 0;
  double real = 0;
  EXPECT_EQ(read_number("0", kThreads, whole), "must be 1 to 4096, not '0'");
  EXPECT_EQ(read_number("-1", kThreads, whole), "must be 1 to 4096, not '-1'");
  EXPECT_EQ(read_number("-0", WholeRange{}, whole), "must be at least 0, not '-0'");
  EXPECT_EQ(read_number("18446744073709551616", WholeRange{1}, whole),
            "must be at least 1, not '18446744073709551616'");
  for (const char* word : {"0", "-0", "-0.0", "nan", "-nan", "inf", "infinity", "1e999", "86401"})
    EXPECT_EQ(read_number(word, kLength, real),
              "must be more than 0 and at most 86400 s, not '" + std::string(word) + "'");
  EXPECT_EQ(read_number("1", RealRange{0, 1, "", false, true}, real),
            "must be at least 0 and less than 1, not '1'");
  EXPECT_EQ(read_number("nan", RealRange{}, real), "must be a number, not 'nan'");
}

TEST(ReadNumber, DoesNotDependOnTheLocale) {
  double real = 0;
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8"}) std::setlocale(LC_ALL, name);
  EXPECT_EQ(read_number("1.5", kLength, real), "");
  EXPECT_EQ(real, 1.5);
  EXPECT_NE(read_number("1,5", kLength, real), "");
  std::setlocale(LC_ALL, "C");
}

TEST(NumberText, IsTheShortestThatReadsBack) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(number_text(50), "50");
  EXPECT_EQ(number_text(-0.0), "-0");
  EXPECT_EQ(number_text(0.0001), "0.0001");
  EXPECT_EQ(number_text(0.00001), "1e-05");
  EXPECT_EQ(number_text(9007199254740994.0), "9007199254740994");
  EXPECT_EQ(number_text(1e15), "1000000000000000");
  EXPECT_EQ(number_text(1e16), "1e+16");
  EXPECT_EQ(number_text(-2.5e-300), "-2.5e-300");
  EXPECT_EQ(number_text(nan), "nan");
  EXPECT_EQ(number_text(-infinity), "-inf");
}

}  // namespace
}  // namespace claptools
