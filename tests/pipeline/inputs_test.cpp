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
  for (const auto& input : list_inputs({dir.path().native(), "given.txt"}, {}).take().all())
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
  const auto inputs = list.take().all();
  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_EQ(inputs[0].id, "a.wav");
  EXPECT_EQ(inputs[0].audio.path, root + "/a.wav");
  EXPECT_EQ(inputs[0].meta, (std::vector<std::string>{"dog", ""}));
  EXPECT_EQ(inputs[1].audio.path, "c.wav");
  EXPECT_EQ(inputs[1].meta, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(inputs[2].audio.path, "/b.wav");
  EXPECT_EQ(inputs[2].meta, (std::vector<std::string>{"", "2"}));
}

TEST(Inputs, CommandsAreNamedForTheirShard) {
  EXPECT_EQ(shard_of("pipe:curl -s 'http://h/s-1.tar' | cat"), "http://h/s-1.tar");
  EXPECT_EQ(shard_of("pipe:cat a.tar >b.tar.gz"), "b.tar.gz");
  EXPECT_EQ(shard_of("pipe:make-sound"), "pipe:make-sound");
  EXPECT_EQ(shard_of("pipe:"), "pipe:");
}

void expect_same(const AudioInput& found, const AudioInput& input) {
  EXPECT_EQ(found.id, input.id);
  EXPECT_EQ(found.audio.path, input.audio.path);
  EXPECT_EQ(found.audio.member, input.audio.member);
  EXPECT_EQ(found.audio.offset, input.audio.offset);
  EXPECT_EQ(found.audio.streamed, input.audio.streamed);
  EXPECT_EQ(found.meta, input.meta);
  EXPECT_EQ(found.broken, input.broken);
  EXPECT_EQ(found.is_stream, input.is_stream);
}

TEST(PackedInputs, GivesBackWhatWasAdded) {
  const auto streamed = std::make_shared<StreamedMember>();
  const std::string bytes("\xff\0a\n", 4);
  const std::vector<AudioInput> inputs = {
      {"a.wav", {"a.wav"}, {}},
      {"", {""}, {}},
      {"id", {"folder/a.wav"}, {"", bytes}},
      {"s.tar/k.wav", {"s.tar", "k.wav", 5'000'000'000, {}}, {std::string(200, 'x')}, "broken"},
      {"other", {"s.tar", "k.wav", 512, streamed}, {}},
      {bytes, {bytes}, {}, bytes, true},
      {"long", {std::string(3'000'000, 'y')}, {}},
      {"last", {"last"}, {}}};
  PackedInputs packed(inputs);
  ASSERT_EQ(packed.size(), inputs.size());
  EXPECT_TRUE(packed.has_streams());
  for (std::size_t i = 0; i < inputs.size(); ++i) expect_same(packed.at(i), inputs[i]);
  packed.set_columns(3);
  EXPECT_EQ(packed.at(2).meta, (std::vector<std::string>{"", bytes, ""}));
  packed.keep_range(3, 6);
  ASSERT_EQ(packed.size(), 3U);
  EXPECT_EQ(packed.at(1).audio.streamed, streamed);
  packed.keep_if([](const AudioInput& input) { return !input.is_stream; });
  ASSERT_EQ(packed.size(), 2U);
  EXPECT_FALSE(packed.has_streams());
  EXPECT_EQ(packed.at(1).meta.size(), 3U);
}

}  // namespace
}  // namespace claptools
