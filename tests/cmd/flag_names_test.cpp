#include "cmd/options/flag_names.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace claptools::cmd {
namespace {

constexpr std::array<FlagName, 2> kNames = {{{"labels", "--labels"}, {"time_zero", "--time-zero"}}};

TEST(FlagNames, StandWhereTheLibraryNamesAMember) {
  const Error error(Fault::data, "`labels`", "goes with `time_zero` and `labels`, not `other`");
  const Error named = with_flags(error, kNames);
  EXPECT_EQ(named.fault(), Fault::data);
  EXPECT_STREQ(named.what(), "--labels: goes with --time-zero and --labels, not `other`");
}

/// A file may have any name.
TEST(FlagNames, LeaveWhatIsNotQuoted) {
  const Error error(Fault::no_input, "labels", "no such file as labels");
  EXPECT_STREQ(with_flags(error, kNames).what(), error.what());
}

TEST(FlagNames, AreGivenToWhatIsThrown) {
  EXPECT_EQ(naming_flags(kNames, [] { return std::string("done"); }), "done");
  try {
    naming_flags(kNames, []() -> int { throw Error(Fault::usage, "`labels`", "are missing"); });
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.subject(), "--labels");
  }
}

}  // namespace
}  // namespace claptools::cmd
