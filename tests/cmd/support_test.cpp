#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "cmd/support/interrupt.hpp"
#include "cmd/support/program.hpp"
#include "cmd/support/progress.hpp"
#include "cmd/support/table_writer.hpp"
#include "mgaclap/core/error.hpp"
#include "support/temp_dir.hpp"

namespace mgaclap::cmd {
namespace {

using mgaclap::testing::read_bytes;
using mgaclap::testing::TempDir;

std::string printed(TableOptions options, const std::vector<std::string>& columns,
                    const std::vector<std::vector<Cell>>& rows) {
  const TempDir folder;
  options.output = folder / "out";
  TableWriter table(options, columns);
  for (const auto& row : rows) table.row(row);
  table.close();
  return read_bytes(folder / "out");
}

TEST(TableWriter, EscapesWhatWouldBreakATable) {
  const std::string row = "a\\tb\\nc\\\\d\\x1b";
  EXPECT_EQ(printed({}, {"id", "n"}, {{text("a\tb\nc\\d\x1b"), count(3)}}),
            "id\tn\n" + row + "\t3\n");
}

TEST(TableWriter, WritesJsonThatReadsBack) {
  TableOptions options;
  options.json = true;
  const std::string line =
      printed(options, {"id", "x", "y"}, {{text("a\"\\\n\xff"), number(0.1), score(1.0 / 3)}});
  const auto object = nlohmann::json::parse(line);
  EXPECT_EQ(object["id"], "a\"\\\n\xef\xbf\xbd");
  EXPECT_EQ(object["x"], 0.1);
  EXPECT_EQ(object["y"], 0.333333);
}

TEST(TableWriter, LeavesNoControlCharacterInJson) {
  EXPECT_EQ(json_string("a\x7f\xc2\x9b\x1b\xc2\xa0"), "\"a\\u007f\\u009b\\u001b\xc2\xa0\"");
}

TEST(TableWriter, PrintsAHeaderOnceAndEvenWithoutRows) {
  EXPECT_EQ(printed({}, {"a", "b"}, {}), "a\tb\n");
  EXPECT_EQ(printed({}, {"a"}, {{count(1)}, {count(2)}}), "a\n1\n2\n");
  TableOptions options;
  options.no_header = true;
  EXPECT_EQ(printed(options, {"a"}, {{count(1)}}), "1\n");
}

TEST(TableWriter, LeavesNothingWithoutClose) {
  const TempDir folder;
  TableOptions options;
  options.output = folder / "out";
  { TableWriter(options, {"a"}).row(std::array{count(1)}); }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Cell, SpellsNumbersTheSameEverywhere) {
  EXPECT_EQ(number(10).value, "10");
  EXPECT_EQ(number(0.1 + 0.2).value, "0.30000000000000004");
  EXPECT_EQ(number(6.71921875).value, "6.71921875");
  EXPECT_EQ(score(-1e-9).value, "0.000000");
  EXPECT_EQ(score(0.9999999).value, "1.000000");
  EXPECT_EQ(score(-0.25).value, "-0.250000");
}

TEST(Cell, IsNullInJsonWhereItIsNoNumber) {
  TableOptions options;
  options.json = true;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(printed(options, {"a", "b", "c"}, {{number(nan), number(-infinity), number(1e300)}}),
            "{\"a\": null, \"b\": null, \"c\": 1e+300}\n");
}

TEST(WithMeta, RenamesAColumnThatIsTaken) {
  const std::vector<std::string> meta = {"label", "id"};
  EXPECT_EQ(with_meta({"id", "score"}, meta),
            (std::vector<std::string>{"id", "score", "label", "meta.id"}));
}

TEST(ShellQuote, GivesWordsThatAShellReadsBack) {
  const std::array words = {"a.wav", "", "a b", "it's", "$HOME", "-k"};
  EXPECT_EQ(shell_quote(words.size(), words.data()), R"(a.wav '' 'a b' 'it'\''s' '$HOME' -k)");
}

TEST(Progress, IsALineNowAndThenWhereItCannotBeRewritten) {
  const Program program("tool");
  const auto said = [&](std::chrono::milliseconds pause) {
    ::testing::internal::CaptureStderr();
    Progress progress(program, "did", "things", 3, pause);
    progress.update(2);
    progress.finish(3);
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(said(std::chrono::milliseconds(0)).substr(0, 22), "tool: did 2 of 3 thing");
  EXPECT_EQ(said(std::chrono::minutes(1)), "");
}

TEST(Interrupt, NotesTheFirstSignalAndEndsAtALaterOne) {
  EXPECT_EQ(interrupted_code(), 0);
  const std::atomic<bool>& stop = handle_interrupts();
  EXPECT_FALSE(stop);
  std::raise(SIGTERM);
  EXPECT_TRUE(stop);
  EXPECT_EQ(interrupted_code(), 143);
  std::raise(SIGTERM);  // at once: the same one, delivered twice
  EXPECT_EXIT(
      {
        std::this_thread::sleep_for(std::chrono::milliseconds(1100));
        std::raise(SIGTERM);
      },
      ::testing::KilledBySignal(SIGTERM), "");
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace
}  // namespace mgaclap::cmd
