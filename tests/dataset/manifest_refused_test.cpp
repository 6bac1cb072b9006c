#include <gmock/gmock.h>

#include "claptools/core/error.hpp"
#include "claptools/core/random.hpp"
#include "claptools/dataset/manifest.hpp"
#include "dataset/clips.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;
using testing::tar_end;
using testing::tar_member;
using testing::write_bytes;

class RefusedManifest : public ::testing::Test {
 protected:
  /// `text` as a file of this name is refused in one line that names it.
  void expect_refused(const std::string& name, const std::string& text, const std::string& reason,
                      const ManifestOptions& options = {}) {
    write_bytes(folder_ / name, text);
    try {
      const auto items = read_manifest((folder_ / name).native(), options);
      ADD_FAILURE() << "read " << items.size() << " items, not: " << reason;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::data);
      EXPECT_EQ(e.subject(), (folder_ / name).native());
      EXPECT_THAT(e.reason(), HasSubstr(reason));
      EXPECT_THAT(e.reason(), ::testing::Not(HasSubstr("\n")));
    }
  }

  testing::TempDir folder_;
};

TEST_F(RefusedManifest, Json) {
  const auto refused = [&](const std::string& text, const std::string& reason) {
    expect_refused("a.json", text, reason);
  };
  refused("", "manifest: not valid JSON (byte 1)");
  refused("{\n\"data\": [\n}", "manifest: not valid JSON (line 3, byte 13)");
  refused("{\"data\": \"\xFF\"}", "manifest: byte 11: not UTF-8");
  refused("[1e999]", "manifest: a number in it is too large");
  refused("3", "manifest: 'data' is not a list");
  refused(R"("{x")", "manifest: 'data' is not a list");
  refused("{}", "manifest: 'data' is missing");
  refused(R"({"data": {}})", "manifest: 'data' is not a list");
  refused("[]", "no items");
  refused("[3]", "item 1: not a JSON object");
  refused(R"([{"audio": "a", "caption": "x"}, {"caption": "x"}])", "item 2: no audio");
  refused(R"([{"audio": "a"}])", "item 1: no caption");
  refused(R"([{"audio": "a", "caption": " ,. "}])", "item 1: no caption");
  refused(R"([{"audio": "a", "caption": {}}])", "item 1: 'caption' is not a text");
  refused(R"([{"audio": "a", "captions": ["x", 3]}])", "item 1: 'captions' is not a list of texts");
  refused(R"([{"audio": ["a"], "caption": "x"}])", "item 1: 'audio' is not a text");
  refused(R"([{"audio": "a.wav\u0000x", "caption": "x"}])", "item 1: 'audio' holds a NUL");
  refused(R"([{"audio": "a", "caption": "x\u0000"}])", "item 1: 'caption' holds a NUL");
  for (const char* duration : {"-1", "\"long\"", "\"nan\"", "\"inf\"", "\"3 s\""})
    refused(std::string(R"([{"audio": "a", "caption": "x", "duration": )") + duration + "}]",
            "item 1: duration '");
  refused(R"({"num_captions_per_audio": -1, "data": []})", "manifest: 'num_captions_per_audio'");
  refused(R"({"num_captions_per_audio": 18446744073709551615,
              "data": [{"audio": "a", "caption_1": "x"}]})",
          "item 1: 'caption_2' is missing");
}

TEST_F(RefusedManifest, JsonLines) {
  expect_refused("a.jsonl", "{\"audio\": \"a\", \"caption\": \"x\"}\n\n{\"audio\": \"a\"",
                 "line 3: not valid JSON (byte 14)");
  expect_refused("a.jsonl", "{\"audio\": \"a\", \"caption\": \"caf\xE9\"}\n",
                 "line 1, byte 31: not UTF-8");
  expect_refused("a.json", "[{\"audio\": \"a\", \"caption\": \"caf\xE9\"}]\n",
                 "manifest: byte 32: not UTF-8");
  expect_refused("a.csv", "audio,caption\na.wav,caf\xE9\n", "line 2, byte 10: not UTF-8");
  expect_refused("a.jsonl", "[]\n", "line 1: not a JSON object");
  expect_refused("a.jsonl", "\n\n", "no items");
}

TEST_F(RefusedManifest, DeeplyNestedJson) {
  const std::string deep = "JSON that nests deeper than 64 levels";
  expect_refused("a.json", std::string(1000000, '['), "manifest: " + deep);
  expect_refused("a.json", std::string(100000, '[') + std::string(100000, ']'),
                 "manifest: " + deep);
  expect_refused("a.jsonl", std::string(1000000, '['), "line 1: " + deep);
  expect_refused(
      "a.tar",
      tar_member("k.wav", "a") + tar_member("k.json", std::string(100000, '[')) + tar_end(),
      "key 'k': " + deep);
}

TEST_F(RefusedManifest, DoubledKeys) {
  expect_refused("a.json", R"([{"audio": "a", "caption": "x", "caption": "y"}])",
                 "manifest: key 'caption' occurs twice");
  expect_refused("a.json", R"({"data": [], "data": []})", "manifest: key 'data' occurs twice");
  expect_refused("a.jsonl", R"({"audio": "a", "caption": "x", "caption": "y"})",
                 "line 1: key 'caption' occurs twice");
}

/// An item of more than a million values is none; a million items are.
TEST_F(RefusedManifest, ItemsWithoutEnd) {
  std::string zeros = "[0";
  for (int i = 0; i < 1'000'000; ++i) zeros += ",0";
  expect_refused("a.json", R"([{"audio": "a", "caption": "x", "rest": )" + zeros + "]}]",
                 "item 1: JSON of more than 1000000 values");
  expect_refused("a.jsonl", R"({"audio": "a", "caption": "x", "rest": )" + zeros + "]}",
                 "line 1: JSON of more than 1000000 values");
}

TEST_F(RefusedManifest, Tables) {
  expect_refused("a.csv", "audio,id\na.wav,1\n", "column 'caption' is missing");
  expect_refused("a.csv", "caption\nx\n", "neither a column 'audio' nor a column 'youtube_id'");
  expect_refused("a.csv", "caption\nx\n", "no audio", {.audio_name = ""});
  expect_refused("a.csv", "audio,caption\na.wav,x\n,y\n", "line 3: no audio");
  expect_refused("a.csv", "audio,caption\na.wav,\n", "line 2: no caption");
  expect_refused("a.csv", "audio,caption,duration\na.wav,x,1e999\n", "line 2: duration");
  expect_refused("a.csv", "audio,caption\na.wav,x,y\n", "line 2 has 3 fields");
  expect_refused("a.csv", "audio,caption\n", "no items");
}

TEST_F(RefusedManifest, Tars) {
  const std::string audio = tar_member("k.wav", "a"), text = tar_member("k.txt", "x");
  expect_refused("a.tar", tar_end(), "");
  expect_refused("a.tar", text + tar_end(), "key 'k': no audio member");
  expect_refused("a.tar", audio + tar_end(), "key 'k': no caption");
  expect_refused("a.tar", audio + tar_member("k.flac", "") + text + tar_end(),
                 "more than one audio");
  expect_refused("a.tar", audio + tar_member("k.json", "{") + tar_end(), "key 'k': not valid JSON");
  expect_refused("a.tar", audio + tar_member("k.json", "3") + tar_end(),
                 "key 'k': not a JSON object");
  expect_refused("a.tar", audio + text, "cut off");
  expect_refused("a.tar", audio + text + audio + tar_end(), "twice");
}

TEST_F(RefusedManifest, MissingFiles) {
  for (const char* name : {"none.json", "none.jsonl", "none.csv", "none.tar", "none-{0..3}.tar"}) {
    try {
      read_manifest((folder_ / name).native(), {});
      ADD_FAILURE() << name;
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::no_input) << e.what();
    }
  }
  write_bytes(folder_ / "a.csv", "audio,caption\na.wav,x\n");
  const auto read = [&](const ManifestOptions& options) {
    return read_manifest((folder_ / "a.csv").native(), options);
  };
  EXPECT_THROW(read({.blacklist = (folder_ / "none").native()}), Error);
  write_bytes(folder_ / "all", "a.wav\n");
  try {
    read({.blacklist = (folder_ / "all").native()});
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_THAT(e.reason(), HasSubstr("blacklist"));
  }
}

/// Whatever one changes in a manifest, it is read or refused.
TEST_F(RefusedManifest, RandomDamageDoesNoHarm) {
  const std::string json = R"({"num_captions_per_audio": 2, "data": [{"id": "a", "audio": "a.wav",
      "duration": 1.5, "caption_1": "x", "caption_2": "y", "num_captions": 2}]})";
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = json;
    for (int i = 0; i < 2; ++i) {
      const std::size_t at = random.below(damaged.size());
      damaged[at] = damaged[random.below(damaged.size())];
    }
    write_bytes(folder_ / "a.json", damaged);
    try {
      read_manifest((folder_ / "a.json").native(), {});
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::data) << e.what();
    }
  }
}

}  // namespace
}  // namespace claptools
