#include "claptools/archive/braces.hpp"

#include <gmock/gmock.h>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(Braces, RangesAreExpandedAsAShellDoes) {
  EXPECT_THAT(expand_braces("s-{8..11}.tar"),
              ElementsAre("s-8.tar", "s-9.tar", "s-10.tar", "s-11.tar"));
  EXPECT_THAT(expand_braces("s-{008..010}.tar"),
              ElementsAre("s-008.tar", "s-009.tar", "s-010.tar"));
  EXPECT_THAT(expand_braces("{0..1}/{00..01}"), ElementsAre("0/00", "0/01", "1/00", "1/01"));
  EXPECT_THAT(expand_braces("s-{000..999}.tar"), SizeIs(1000));
  EXPECT_THAT(expand_braces("{5..5}"), ElementsAre("5"));
}

TEST(Braces, OtherBracesStay) {
  for (const char* name :
       {"", "a.tar", "{a,b}.tar", "{", "}{", "{1..", "{..}", "{1..x}", "{-1..1}"}) {
    EXPECT_THAT(expand_braces(name), ElementsAre(name));
  }
  EXPECT_THAT(expand_braces("{x}{1..2}"), ElementsAre("{x}1", "{x}2"));
}

TEST(Braces, RangesThatCannotBe) {
  EXPECT_THROW(expand_braces("{3..2}"), Error);
  EXPECT_THROW(expand_braces("{0..99999999999}"), Error);
  EXPECT_THROW(expand_braces("{0..18446744073709551615}"), Error);
  EXPECT_THROW(expand_braces("{0..9999}{0..9999}"), Error);
}

}  // namespace
}  // namespace claptools
