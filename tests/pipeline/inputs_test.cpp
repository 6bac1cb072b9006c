#include "mgaclap/pipeline/inputs.hpp"

#include <gtest/gtest.h>

#include "mgaclap/core/error.hpp"
#include "support/temp_dir.hpp"

namespace mgaclap {
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

TEST(Inputs, KnowsAudioByItsName) {
  EXPECT_TRUE(has_audio_extension("a.b/c.Flac"));
  EXPECT_FALSE(has_audio_extension("a.wav/c"));
  EXPECT_FALSE(has_audio_extension("wav"));
}

}  // namespace
}  // namespace mgaclap
