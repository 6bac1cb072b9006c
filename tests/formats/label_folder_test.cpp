#include "claptools/formats/label_folder.hpp"

#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "claptools/formats/label_names.hpp"
#include "claptools/formats/read_events.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using Names = std::vector<std::string>;

TEST(LabelFileNames, LeaveCommonFoldersOut) {
  EXPECT_EQ(label_file_names(Names{"/data/clips/a.wav"}, "txt"), Names{"a.txt"});
  EXPECT_EQ(label_file_names(Names{"clips/a.wav", "clips/b.c.wav"}, "TextGrid"),
            (Names{"a.TextGrid", "b.c.TextGrid"}));
  EXPECT_EQ(label_file_names(Names{"c/1/a.wav", "c/2/a.wav", "c/2/3/a.wav"}, "txt"),
            (Names{"1/a.txt", "2/a.txt", "2/3/a.txt"}));
  EXPECT_EQ(label_file_names(Names{"c/a.wav", "b.wav"}, "txt"), (Names{"c/a.txt", "b.txt"}));
  EXPECT_EQ(label_file_names(Names{"./a", "b//c.tar/d.flac"}, "txt"),
            (Names{"a.txt", "b/c.tar/d.txt"}));
  EXPECT_EQ(label_file_names(Names{}, "txt"), Names{});
  EXPECT_EQ(label_file_names(Names{".hidden.wav", "/"}, "txt"),
            (Names{".hidden.txt", "recording.txt"}));
}

TEST(LabelFileNames, KeepExtensionsWhereTheyDiffer) {
  EXPECT_EQ(label_file_names(Names{"a.wav", "a.flac", "b.wav"}, "srt"),
            (Names{"a.wav.srt", "a.flac.srt", "b.srt"}));
}

TEST(LabelFileNames, DoNotLeaveTheFolder) {
  EXPECT_EQ(label_file_names(Names{"../../etc/a.wav", "b/../c.wav"}, "txt"),
            (Names{"__/__/etc/a.txt", "b/__/c.txt"}));
  EXPECT_EQ(testing::message_of(Fault::usage,
                                [] {
                                  label_file_names(Names{"a.wav", "./a.wav"}, "txt");
                                }),
            "a.wav.txt: would be the file of 'a.wav' and of './a.wav'");
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "d/";
  testing::message_of(Fault::usage, [&] { label_file_names(Names{deep + "a", "b"}, "txt"); });
}

class LabelFolderTest : public ::testing::Test {
 protected:
  void write(bool overwrite) {
    const Names ids = {"d/1/a.wav", "d/2/a.wav", "d/2/failed.wav"};
    LabelFolder folder(path_, *find_event_format("audacity"), ids, overwrite);
    folder.add({ids[0], 2.5, 32000, {{"crow", 0, 1, 0}}});
    folder.add({ids[1], 3, 32000, {}});
    folder.close();
  }

  std::string refusal(bool overwrite) {
    return testing::message_of(Fault::cannot_create, [&] { write(overwrite); });
  }

  testing::TempDir temp_;
  std::string path_ = (temp_ / "labels").native();
};

TEST_F(LabelFolderTest, HasAFilePerRecordingAndATable) {
  write(false);
  EXPECT_EQ(testing::read_bytes(temp_ / "labels/1/a.txt"), "0.000\t1.000\tcrow\n");
  EXPECT_EQ(testing::read_bytes(temp_ / "labels/2/a.txt"), "");
  EXPECT_EQ(testing::read_bytes(temp_ / "labels/recordings.tsv"),
            "filename\tduration\tfile\nd/1/a.wav\t2.5\t1/a.txt\nd/2/a.wav\t3\t2/a.txt\n");
  const auto rows = read_events(path_);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].filename, "d/1/a.wav");
  EXPECT_EQ(rows[0].label, "crow");
  EXPECT_EQ(rows[1].filename, "d/2/a.wav");
  EXPECT_EQ(rows[1].label, "");
}

TEST_F(LabelFolderTest, IsReplacedOnlyIfItsFilesAreOurs) {
  write(false);
  EXPECT_NE(refusal(false).find("exists"), std::string::npos);
  write(true);
  testing::write_bytes(temp_ / "labels/1/a.txt", "0\t2\tedited\n");
  write(true);
  testing::write_bytes(temp_ / "labels/1/notes.txt", "mine");
  EXPECT_NE(refusal(true).find("other files than labels"), std::string::npos);
  EXPECT_EQ(testing::read_bytes(temp_ / "labels/1/notes.txt"), "mine");
  std::filesystem::remove(temp_ / "labels/1/notes.txt");
  std::filesystem::remove(temp_ / "labels/recordings.tsv");
  EXPECT_NE(refusal(true).find("other files than labels"), std::string::npos);
}

TEST_F(LabelFolderTest, TakesTheNameOfAnEmptyFolderOnlyIfItMayReplace) {
  std::filesystem::create_directory(temp_ / "labels");
  EXPECT_NE(refusal(false).find("exists"), std::string::npos);
  write(true);
  EXPECT_TRUE(std::filesystem::exists(temp_ / "labels/1/a.txt"));
}

TEST_F(LabelFolderTest, LeavesNothingUnlessItIsClosed) {
  {
    LabelFolder folder(path_ + "/", *find_event_format("elan"), Names{"a", "b"}, false);
    folder.add({"a", 1, 0, {}});
    EXPECT_EQ(testing::message_of(Fault::data,
                                  [&] {
                                    folder.add({"a", 1, 0, {}});
                                  }),
              "a: has rows in several places, or occurs twice");
  }
  EXPECT_TRUE(std::filesystem::is_empty(temp_.path()));
}

}  // namespace
}  // namespace claptools
