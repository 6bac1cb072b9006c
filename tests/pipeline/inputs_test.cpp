#include "claptools/pipeline/inputs.hpp"

#include <gtest/gtest.h>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

TEST(Inputs, FoldersAreSearchedInByteOrder) {
  testing::TempDir dir;
  std::filesystem::create_directories(dir / "b");
  for (const char* name : {"b/z.WAV", "b/notes.txt", "a.flac", "B.ogg", "b.mp3", "README.md"})
    testing::write_bytes(dir / name, "x");
  std::filesystem::create_directory_symlink(dir.path(), dir / "b/loop");
  std::vector<std::string> ids;
  for (const auto& input : list_inputs({dir.path().native(), "given.txt"}, {}).take())
    ids.push_back(input.id);
  const std::string base = dir.path().native() + "/";
  EXPECT_EQ(ids, (std::vector<std::string>{base + "B.ogg", base + "a.flac", base + "b.mp3",
                                           base + "b/z.WAV", "given.txt"}));
}

TEST(Inputs, NothingFoundIsAnError) {
  testing::TempDir dir;
  EXPECT_THROW(list_inputs({dir.path().native()}, {}), Error);
  EXPECT_THROW(list_inputs({}, {}), Error);
}

TEST(Inputs, ColumnsOfSeveralManifestsAreOne) {
  const testing::TempDir dir;
  testing::write_bytes(dir / "a.tsv", "file\tlabel\na.wav\tdog\n");
  testing::write_bytes(dir / "b.jsonl", R"({"fold": 2, "audio": "/b.wav", "label": null})");
  const std::string root = dir.path().native();
  InputList list = list_inputs({dir / "a.tsv", "c.wav", dir / "b.jsonl"}, {false, root});
  EXPECT_EQ(list.columns(), (std::vector<std::string>{"label", "fold"}));
  const auto inputs = list.take();
  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_EQ(inputs[0].id, "a.wav");
  EXPECT_EQ(inputs[0].audio.path, root + "/a.wav");
  EXPECT_EQ(inputs[0].meta, (std::vector<std::string>{"dog", ""}));
  EXPECT_EQ(inputs[1].audio.path, "c.wav");
  EXPECT_EQ(inputs[1].meta, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(inputs[2].audio.path, "/b.wav");
  EXPECT_EQ(inputs[2].meta, (std::vector<std::string>{"", "2"}));
}

}  // namespace
}  // namespace claptools
