#include "cmd/options/flag_names.hpp"

#include <gtest/gtest.h>

namespace claptools::cmd {
namespace {

TEST(FlagNames, StandWhereTheLibraryNamesAMember) {
  const Error error(Fault::data, "`labels`", "goes with `time_zero` and `labels`");
  const Error named = with_flags(error);
  EXPECT_EQ(named.fault(), Fault::data);
  EXPECT_STREQ(named.what(), "--labels: goes with --time-zero and --labels");
  EXPECT_EQ(with_flags("`precision` int8"), "--precision int8");
}

/// A file may have any name.
TEST(FlagNames, LeaveEverythingElse) {
  for (const char* text :
       {"", "no such file as labels", "`other`", "`labels", "`", "``labels", "a`b`c"})
    EXPECT_EQ(with_flags(text), text);
  EXPECT_EQ(with_flags("``labels`"), "`--labels");
}

}  // namespace
}  // namespace claptools::cmd
