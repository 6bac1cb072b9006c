#include "claptools/runs/run_journal.hpp"

#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;
using testing::TempDir;

constexpr std::size_t kRows = 6, kDim = 8;

PartInput input_of(std::size_t row) {
  return {"clips/" + std::to_string(row) + ".wav", {10, 20, true}, {"a"}, 1.5, 0.25};
}

/// An input a row, and row 2 failed as well; a restart behind all but the last.
void write_part(PartWriter& part, ExampleRows& rows) {
  for (std::size_t i = 0; i < kRows; ++i) {
    part.append(rows.view(i, 1));
    if (i == 2) part.append_error({"clips/2.wav", "decode", "cut off"});
    part.end_input(input_of(i), {10 + i + 1, i}, i + 1 < kRows);
  }
}

RunOrigin origin(const std::string& fingerprint = "a=1\nb=2\n") {
  return {fingerprint, "clap-embed 'a\tb'", "now"};
}

/// Everything that a part tells, as text.
std::vector<std::string> replayed(const PartReader& part) {
  std::vector<std::string> lines;
  part.replay({[&](const EmbeddingRows& rows) {
                 std::string line = rows.segments[0].id;
                 for (const auto& column : rows.meta) line += " " + column[0];
                 line += " " + std::to_string(rows.embeddings.row(0)[1]);
                 lines.push_back(line + " " + std::to_string(rows.frames.rows));
               },
               [&](const InputError& error) { lines.push_back(error.message); },
               [&](const PartInput& input, const InputError* failure) {
                 lines.push_back(input.id + (failure != nullptr ? " failed" : " ended"));
               }});
  return lines;
}

TEST(PartFile, GivesBackWhatEndedBeforeTheLastRestart) {
  const TempDir folder;
  ExampleRows rows(kRows, kDim);
  PartWriter writer(folder / "0.part", "run", {10, 3});
  write_part(writer, rows);
  ASSERT_TRUE(writer.publish());
  const PartReader part(folder / "0.part", "run", {10, 3});
  EXPECT_EQ(part.inputs().size(), kRows - 1);
  EXPECT_EQ(part.next(), (RunPosition{15, 4}));
  EXPECT_EQ(part.inputs()[3].stamp, (FileStamp{10, 20, true}));
  const auto lines = replayed(part);
  ASSERT_EQ(lines.size(), 2 * (kRows - 1) + 1);
  EXPECT_EQ(lines[4], "clips/2.wav label 2 keyxx 0.308516 2");
  EXPECT_EQ(lines[5], "cut off");
  EXPECT_EQ(lines[6], "clips/2.wav failed");
  EXPECT_EQ(lines[8], "clips/3.wav ended");
}

TEST(PartFile, WithoutARestartThereIsNone) {
  const TempDir folder;
  {
    PartWriter writer(folder / "0.part", "run", {});
    writer.end_input(input_of(0), {1, 1}, false);
    EXPECT_FALSE(writer.publish());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PartFile, EveryDamageIsFound) {
  const TempDir folder;
  ExampleRows rows(kRows, kDim);
  PartWriter writer(folder / "0.part", "run", {});
  for (std::size_t i = 0; i < kRows; ++i) {
    writer.append(rows.view(i, 1));
    writer.end_input(input_of(i), {i + 1, 0}, true);
  }
  ASSERT_TRUE(writer.publish());
  const std::string whole = testing::read_bytes(folder / "0.part");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    testing::write_bytes(folder / "flipped", flipped);
    EXPECT_THROW(PartReader(folder / "flipped", "run", {}), Error) << at;
    testing::write_bytes(folder / "cut", std::string_view(whole).substr(0, at));
    EXPECT_THROW(PartReader(folder / "cut", "run", {}), Error) << at;
  }
  EXPECT_THROW(PartReader(folder / "0.part", "another run", {}), Error);
  EXPECT_THROW(PartReader(folder / "0.part", "run", {1, 0}), Error);
}

class Journal : public ::testing::Test {
 protected:
  /// A run of one part from 10 to 15, left behind.
  void leave_part() {
    ExampleRows rows(kRows, kDim);
    RunJournal journal(output_, origin(), RunJournal::Mode::begin, {});
    write_part(journal.open_part({10, 3}), rows);
    journal.publish();
  }
  bool folder_exists() const { return std::filesystem::exists(dir_ / ".out.h5.parts"); }

  TempDir dir_;
  std::string output_ = dir_ / "out.h5";
};

TEST_F(Journal, PartsAreFoundAgain) {
  leave_part();
  RunOrigin later = origin();
  later.command = "clap-embed --resume";
  RunJournal journal(output_, later, RunJournal::Mode::resume, {});
  EXPECT_EQ(journal.origin().command, origin().command);
  EXPECT_TRUE(journal.has_part({10, 3}));
  const auto yes = [](const PartReader&) { return true; };
  EXPECT_FALSE(journal.find({0, 0}, yes));
  EXPECT_TRUE(journal.find({10, 3}, yes));
  EXPECT_FALSE(journal.find({10, 3}, [](const PartReader&) { return false; }));
  EXPECT_FALSE(journal.has_part({10, 3}));
  journal.remove();
  EXPECT_FALSE(folder_exists());
}

TEST_F(Journal, AnotherRunBeginsAnew) {
  leave_part();
  std::vector<std::string> said;
  const Log log = [&](LogLevel, std::string_view text) { said.emplace_back(text); };
  {
    const RunJournal journal(output_, origin("a=1\nb=3\n"), RunJournal::Mode::resume, log);
    EXPECT_FALSE(journal.has_part({10, 3}));
  }
  EXPECT_THAT(said, ::testing::ElementsAre(::testing::HasSubstr("(b=2): starting again")));
  EXPECT_FALSE(folder_exists());
}

TEST_F(Journal, PartsAreNotThrownAwayUnasked) {
  leave_part();
  EXPECT_THROW(RunJournal(output_, origin(), RunJournal::Mode::begin, {}), Error);
  EXPECT_TRUE(folder_exists());
  const RunJournal journal(output_, origin(), RunJournal::Mode::force, {});
  EXPECT_FALSE(journal.has_part({10, 3}));
}

TEST_F(Journal, OneProcessAtATime) {
  leave_part();
  const RunJournal first(output_, origin(), RunJournal::Mode::resume, {});
  EXPECT_THROW(RunJournal(output_, origin(), RunJournal::Mode::resume, {}), Error);
}

TEST_F(Journal, WhoComesTooLateTakesNothingAway) {
  ExampleRows rows(kRows, kDim);
  {
    RunJournal late(output_, origin(), RunJournal::Mode::resume, {});
    RunJournal first(output_, origin(), RunJournal::Mode::resume, {});
    write_part(first.open_part({10, 3}), rows);
    first.publish();
    EXPECT_THROW(late.open_part({10, 3}), Error);
    EXPECT_THROW(late.open_part({10, 3}), Error);  // again
    late.remove();
    EXPECT_TRUE(folder_exists());
  }
  const RunJournal again(output_, origin(), RunJournal::Mode::resume, {});
  EXPECT_TRUE(again.has_part({10, 3}));
}

TEST_F(Journal, LongNamesThatBeginAlikeDoNotShareParts) {
  const std::string start(210, 'n');
  ExampleRows rows(kRows, kDim);
  RunJournal one(dir_ / (start + "1.h5"), origin(), RunJournal::Mode::begin, {});
  RunJournal two(dir_ / (start + "2.h5"), origin(), RunJournal::Mode::begin, {});
  write_part(one.open_part({10, 3}), rows);
  one.publish();
  two.open_part({10, 3});
  two.remove();
  const RunJournal again(dir_ / (start + "2.h5"), origin(), RunJournal::Mode::begin, {});
  EXPECT_TRUE(one.has_part({10, 3}));
  EXPECT_TRUE(one.find({10, 3}, [](const PartReader&) { return true; }));
}

TEST_F(Journal, NothingFinishedLeavesNothing) {
  {
    RunJournal journal(output_, origin(), RunJournal::Mode::begin, {});
    EXPECT_FALSE(folder_exists());
    journal.open_part({}).append_error({"a.wav", "open", "missing"});
    EXPECT_TRUE(folder_exists());
  }
  EXPECT_FALSE(folder_exists());
}

}  // namespace
}  // namespace claptools
