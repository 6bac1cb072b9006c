#include "claptools/store/scores/score_folder.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "claptools/core/error.hpp"
#include "claptools/store/scores/frame_score_file.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TempDir;

const std::vector<std::string> kClasses{"dog", "rain, wind"};

void write_table(const fs::path& path, const std::string& rows) {
  testing::write_bytes(path, "onset\toffset\tdog\train\n" + rows);
}

/// The message and the kind of the Error that `work` ends with.
template <typename Work>
std::string refusal(Fault fault, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    return error.what();
  }
  return "no error";
}

void read(const fs::path& folder) {
  FrameScoreReader reader(folder.native());
  for (std::size_t clip = 0; clip < reader.ids().size(); ++clip) reader.exact_scores(clip);
}

TEST(ScoreFolder, KeepsAllDigits) {
  const TempDir temp;
  const std::string folder = temp / "scores/";
  Matrix a(2, 2), b(1, 2);
  a.data = {0.1F, -0.25F, 1e-20F, 0.33333334F};
  b.data = {3, 4};
  ScoreFolderWriter writer(folder, kClasses, false);
  writer.append("day1/b.1.wav", a, 0.3125);
  writer.append("day2/a.flac", b, 0.02);
  EXPECT_FALSE(fs::exists(folder)) << "appears as a whole";
  writer.commit();
  FrameScoreReader reader(folder);
  EXPECT_THAT(reader.ids(), ElementsAre("a", "b.1"));
  EXPECT_EQ(reader.classes(), kClasses);
  EXPECT_TRUE(reader.is_exact());
  EXPECT_THAT(reader.exact_scores(1).data, ElementsAre(0.1F, -0.25F, 1e-20F, 0.33333334F));
  EXPECT_EQ(reader.scores(1).data, a.data);
  EXPECT_THAT(reader.boundaries(1), ElementsAre(0, 0.3125, 0.625));
  EXPECT_THAT(reader.boundaries(0), ElementsAre(0, 0.02));
  EXPECT_EQ(reader.frames(1), 2U);
  EXPECT_EQ(testing::read_bytes(folder + "a.tsv"),
            "onset\toffset\tdog\train, wind\n0\t0.02\t3\t4\n");
}

/// Written by sed_scores_eval: tests/data/store/score_folder.py.
TEST(ScoreFolder, ReadsThatOfTheLibrary) {
  FrameScoreReader reader(std::string(CLAPTOOLS_TEST_DATA) + "/store/score_folder");
  EXPECT_THAT(reader.ids(), ElementsAre("Y0001_30.000", "Y0002_30.000"));
  EXPECT_THAT(reader.classes(), ElementsAre("Dog", "Alarm bell, ringing"));
  EXPECT_THAT(reader.exact_scores(0).data, ElementsAre(1.0 / 3, 0.1, 0, 1, 1e-17, 0.7));
  EXPECT_THAT(reader.boundaries(0), ElementsAre(0, 0.1, 0.30000000000000004, 1));
  EXPECT_THAT(reader.exact_scores(1).data, ElementsAre(double{0.1F}, double{0.2F}));
}

TEST(ScoreFolder, IsReplacedOnlyIfItIsOne) {
  const TempDir temp;
  const std::string folder = temp / "scores";
  fs::create_directory(folder);
  write_table(temp / "scores/old.tsv", "0\t1\t0\t0\n");
  EXPECT_EQ(refusal(Fault::cannot_create, [&] { ScoreFolderWriter(folder, kClasses, false); }),
            folder + ": exists; use `overwrite`");
  ScoreFolderWriter writer(folder, kClasses, true);
  writer.append("new", Matrix(1, 2), 1);
  writer.commit();
  EXPECT_TRUE(fs::exists(folder + "/new.tsv"));
  EXPECT_FALSE(fs::exists(folder + "/old.tsv"));
  testing::write_bytes(folder + "/truth.tsv", "filename\tonset\n");
  EXPECT_THAT(refusal(Fault::cannot_create, [&] { ScoreFolderWriter(folder, kClasses, true); }),
              HasSubstr("has other files than tables of scores"));
  EXPECT_TRUE(fs::exists(folder + "/new.tsv"));
}

TEST(ScoreFolder, LeavesNothingWithoutCommit) {
  const TempDir temp;
  { ScoreFolderWriter(temp / "scores", kClasses, false).append("a", Matrix(1, 2), 1); }
  EXPECT_TRUE(fs::is_empty(temp.path()));
}

TEST(ScoreFolder, TwoClipsCannotShareATable) {
  const std::vector<std::string> ids{"day1/a.wav", "day2/a.flac"};
  const std::string message = refusal(Fault::data, [&] { ScoreFolderWriter::require_names(ids); });
  EXPECT_EQ(message, "a.tsv: would be the table of 'day1/a.wav' and of 'day2/a.flac'");
  const TempDir temp;
  ScoreFolderWriter writer(temp / "scores", kClasses, false);
  writer.append(ids[0], Matrix(1, 2), 1);
  EXPECT_EQ(refusal(Fault::data, [&] { writer.append(ids[1], Matrix(1, 2), 1); }), message);
  EXPECT_THAT(refusal(Fault::data, [&] { writer.append(ids[0], Matrix(1, 2), 1); }),
              HasSubstr("occurs twice"));
}

TEST(ScoreFolder, ClassesMustBeColumns) {
  const TempDir temp;
  for (const char* name : {"a\tb", "a\\b", "say \"a\"", ""}) {
    const std::vector<std::string> classes{name};
    EXPECT_THAT(refusal(Fault::data, [&] { ScoreFolderWriter(temp / "scores", classes, false); }),
                HasSubstr("cannot be a class"));
  }
}

TEST(ScoreFolder, NamesWhatCannotBeRead) {
  const TempDir temp;
  const fs::path folder = temp / "scores";
  fs::create_directory(folder);
  EXPECT_THAT(refusal(Fault::data, [&] { read(folder); }), HasSubstr("has no table of scores"));
  write_table(folder / "a.tsv", "0\t1\t0.5\t0.25\n");
  testing::write_bytes(folder / ".hidden", "left by a file manager");
  read(folder);
  const auto expect_refused = [&](const std::string& rows, const std::string& reason) {
    write_table(folder / "b.tsv", rows);
    EXPECT_EQ(refusal(Fault::data, [&] { read(folder); }),
              (folder / "b.tsv").native() + ": " + reason);
  };
  expect_refused("", "has no frame");
  expect_refused("0\t1\t0\tnan\n", "line 2: the frame has no number in column 'rain'");
  expect_refused("0\t1\t0\t\n", "line 2: the frame has no number in column 'rain'");
  expect_refused("0\tend\t0\t0\n", "line 2: the frame has no number in column 'offset'");
  expect_refused("0\t1\t0\t0\n2\t3\t0\t0\n",
                 "line 3: the frame does not begin where the last one ends");
  expect_refused("0\t1\t0\t0\n1\t1\t0\t0\n", "line 3: the frame does not end after its onset");
  testing::write_bytes(folder / "b.tsv", "onset\toffset\train\tdog\n0\t1\t0\t0\n");
  EXPECT_THAT(refusal(Fault::data, [&] { read(folder); }), HasSubstr("has other classes"));
  testing::write_bytes(folder / "b.tsv", "filename\tonset\toffset\tevent_label\n");
  fs::remove(folder / "a.tsv");
  EXPECT_THAT(refusal(Fault::data, [&] { read(folder); }),
              HasSubstr("b.tsv: does not begin with the columns onset, offset"));
  testing::write_bytes(folder / "notes.txt", "");
  EXPECT_THAT(refusal(Fault::data, [&] { read(folder); }),
              HasSubstr("notes.txt: is not a table of scores, NAME.tsv"));
  EXPECT_THAT(refusal(Fault::no_input, [&] { read(temp / "nowhere/"); }), HasSubstr("nowhere"));
}

}  // namespace
}  // namespace claptools
