#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "claptools/dataset/manifest.hpp"
#include "claptools/dataset/training_set.hpp"
#include "dataset/clips.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::tar_end;
using testing::tar_member;
using testing::write_bytes;

class Manifest : public ::testing::Test {
 protected:
  std::vector<ManifestItem> read(const std::string& name, const std::string& text,
                                 const ManifestOptions& options = {}) {
    write_bytes(folder_ / name, text);
    return read_manifest((folder_ / name).native(), options);
  }

  testing::TempDir folder_;
};

TEST_F(Manifest, OfficialJson) {
  const auto items = read("a.json", R"({"num_captions_per_audio": 1, "data": [
    {"id": "x1", "audio": "/data/x1.flac", "duration": 7.25, "caption": "A Dog, barking!"},
    {"id": 2219, "audio": "x2.flac", "duration": "3", "caption": "rain"},
    {"audio": "x3.flac", "caption": "wind", "author": null, "duration": null}]})",
                          {.audio_root = "root"});
  ASSERT_THAT(items, SizeIs(3));
  EXPECT_EQ(items[0].id, "x1");
  EXPECT_EQ(items[0].audio.path, "/data/x1.flac");
  EXPECT_EQ(items[0].duration_s, 7.25);
  EXPECT_THAT(items[0].captions, ElementsAre("a dog barking "));
  EXPECT_EQ(items[1].id, "2219");
  EXPECT_EQ(items[1].audio.path, "root/x2.flac");
  EXPECT_EQ(items[1].duration_s, 3);
  EXPECT_EQ(items[2].id, "x3.flac");
  EXPECT_EQ(items[2].duration_s, 0);
}

TEST_F(Manifest, OfficialJsonWithSeveralCaptions) {
  const auto items = read("a.json", R"({"num_captions_per_audio": 3, "data": [
    {"id": "a", "audio": "a.wav", "caption_1": "one", "caption_2": "two", "caption_3": "three"},
    {"id": "b", "audio": "b.wav", "caption_1": "1", "caption_2": "2", "caption_3": "3",
     "num_captions": 2},
    {"id": "c", "audio": "c.wav", "caption": "only"}]})");
  EXPECT_THAT(items[0].captions, ElementsAre("one", "two", "three"));
  EXPECT_THAT(items[1].captions, ElementsAre("1", "2"));
  EXPECT_THAT(items[2].captions, ElementsAre("only"));
}

TEST_F(Manifest, JsonLinesAndBareLists) {
  const auto items = read("a.jsonl",
                          "{\"path\": \"a.wav\", \"captions\": [\"one\", \" \", \"two\"], "
                          "\"label\": \"dog\"}\r\n\n{\"file\": \"b.wav\", \"text\": \"three\"}");
  ASSERT_THAT(items, SizeIs(2));
  EXPECT_THAT(items[0].captions, ElementsAre("one", "two"));
  EXPECT_EQ(items[0].label, "dog");
  EXPECT_EQ(items[1].audio.path, "b.wav");
  EXPECT_THAT(read("b.json", R"([{"audio": "a.wav", "caption": "x"}])"), SizeIs(1));
}

TEST_F(Manifest, OwnTable) {
  const auto items = read("a.tsv",
                          "audio\tid\tduration\tlabel\tcaption\tcaption_1\n"
                          "a.wav\t7\t1.5\tdog\tA dog.\tit barks\nb.wav\t\t\t\train\t\n");
  EXPECT_EQ(items[0].id, "7");
  EXPECT_EQ(items[0].duration_s, 1.5);
  EXPECT_EQ(items[0].label, "dog");
  EXPECT_THAT(items[0].captions, ElementsAre("a dog ", "it barks"));
  EXPECT_EQ(items[1].id, "b.wav");
  EXPECT_EQ(items[1].duration_s, 0);
}

TEST_F(Manifest, AudioCapsTable) {
  const std::string table =
      "audiocap_id,youtube_id,start_time,caption\n"
      "91139,r1nicOVtvkQ,130,\"A woman talks, nearby\"\n58146,r1nicOVtvkQ,130,A car passes\n";
  const auto items = read("a.csv", table, {.audio_root = "wav"});
  EXPECT_EQ(items[0].audio.path, "wav/Yr1nicOVtvkQ.wav");
  EXPECT_THAT(items[0].captions, ElementsAre("a woman talks nearby"));
  EXPECT_EQ(items[0].id, items[1].id);
  const auto other = read("a.csv", table, {.audio_name = "{youtube_id}_{start_time}.flac"});
  EXPECT_EQ(other[0].audio.path, "r1nicOVtvkQ_130.flac");
}

TEST_F(Manifest, ClothoTable) {
  const auto items = read("a.csv",
                          "file_name,caption_1,caption_2,caption_3,caption_4,caption_5\n"
                          "a b.wav,one,two,three,four,five\n");
  EXPECT_EQ(items[0].audio.path, "a b.wav");
  EXPECT_THAT(items[0].captions, ElementsAre("one", "two", "three", "four", "five"));
}

TEST_F(Manifest, TarShards) {
  write_bytes(folder_ / "s-0.tar",
              tar_member("x.wav", "audio") + tar_member("x.txt", "a dog\n\nit barks\n") +
                  tar_member("y.flac", "audio") +
                  tar_member("y.json", R"({"text": "rain", "id": 5, "duration": 2})") + tar_end());
  write_bytes(folder_ / "s-1.tar",
              tar_member("x.wav", "audio") + tar_member("x.txt", "wind") + tar_end());
  const auto items = read_manifest((folder_ / "s-{0..1}.tar").native(), {.audio_root = "unused"});
  ASSERT_THAT(items, SizeIs(3));
  EXPECT_EQ(items[0].audio.path, (folder_ / "s-0.tar").native());
  EXPECT_EQ(items[0].audio.member, "x.wav");
  EXPECT_THAT(items[0].captions, ElementsAre("a dog", "it barks"));
  EXPECT_EQ(items[1].id, "5");
  EXPECT_EQ(items[1].duration_s, 2);
  EXPECT_THAT(items[1].captions, ElementsAre("rain"));
  EXPECT_NE(items[2].id, items[0].id);
}

TEST_F(Manifest, TheBlacklistMatchesFourNames) {
  const std::string table =
      "audio,id,caption\nd/a.wav,1,x\nd/b.wav,2,x\nd/c.wav,3,x\nd/e.wav,4,x\nd/f.wav,5,x\n";
  write_bytes(folder_ / "black", "1\nb.wav\r\nc\n\nd/e.wav\nd/f\n.wav\n");
  const ManifestOptions options{.blacklist = (folder_ / "black").native()};
  const auto items = read("a.csv", table, options);
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].id, "5");

  write_bytes(folder_ / "s.tar", tar_member("q/c.wav", "") + tar_member("q/c.txt", "x") +
                                     tar_member("q/g.wav", "") + tar_member("q/g.txt", "x") +
                                     tar_end());
  EXPECT_THAT(read_manifest((folder_ / "s.tar").native(), options), SizeIs(1));
}

TEST(TrainingSet, HasAPairForEachCaption) {
  const auto set = make_training_set({{{"a.wav", "", 0}, "1", 2.5, {"x", "y"}, ""},
                                      {{"b.wav", "", 0}, "2", 0, {"z"}, ""},
                                      {{"c.wav", "", 0}, "1", 1, {"w"}, ""}});
  ASSERT_THAT(set.pairs, SizeIs(4));
  EXPECT_THAT(set.durations_s(), ElementsAre(2.5, 2.5, 0, 1));
  EXPECT_EQ(set.pairs[1].item, 0U);
  EXPECT_EQ(set.pairs[1].caption, 1U);
  EXPECT_EQ(set.identities[0], set.identities[2]);
  EXPECT_NE(set.identities[0], set.identities[1]);
}

}  // namespace
}  // namespace claptools
