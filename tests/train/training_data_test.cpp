#include "claptools/train/training_data.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::write_bytes;

class TrainingDataTest : public ::testing::Test {
 protected:
  TrainingDataTest() {
    write_bytes(dir_ / "a.wav", "any");
    options_.audio_root = (dir_ / "").native();
  }

  std::string file(const std::string& name, const std::string& text) {
    write_bytes(dir_ / name, text);
    return (dir_ / name).native();
  }

  /// "FAULT SUBJECT: REASON", the folder left out.
  std::string refusal(const std::function<void()>& read) {
    try {
      read();
      return "";
    } catch (const Error& error) {
      std::string text = std::to_string(static_cast<int>(error.fault())) + " " + error.what();
      const std::string folder = (dir_ / "").native();
      for (auto at = text.find(folder); at != text.npos; at = text.find(folder))
        text.erase(at, folder.size());
      return text;
    }
  }

  TrainingSet train(std::vector<std::string> manifests) {
    count_ = {};
    return read_training_set(manifests, options_, count_, {});
  }

  testing::TempDir dir_;
  ManifestOptions options_;
  BlacklistCount count_;
};

TEST_F(TrainingDataTest, JoinsManifests) {
  const std::string one = file("1.csv", "audio,caption\na.wav,a dog\nb.wav,a cat\n");
  const std::string two = file("2.csv", "audio,caption\na.wav,rain\n");
  const TrainingSet set = train({one, two});
  ASSERT_EQ(set.items.size(), 3);
  EXPECT_EQ(set.items[2].captions, std::vector<std::string>{"rain"});
  EXPECT_EQ(set.identities[0], set.identities[2]);
}

TEST_F(TrainingDataTest, RefusesWhatIsMistyped) {
  const std::string manifest = file("1.csv", "audio,caption\na.wav,a dog\n");
  const std::string nowhere = file("2.csv", "audio,caption\nb.wav,a dog\nc.wav,a cat\n");
  EXPECT_EQ(refusal([&] {
              train({manifest, nowhere});
            }),
            "66 2.csv: none of its 2 recordings exists, such as b.wav; see `audio_root`");
  options_.blacklist = file("list", "z.wav\ny.wav\n");
  EXPECT_EQ(refusal([&] { train({manifest}); }),
            "65 list: none of its 2 entries matches a clip, such as 'a.wav', a.wav");
  options_.blacklist = {};
  options_.audio_root += "mistyped";
  EXPECT_EQ(refusal([&] { train({manifest}); }).substr(0, 11), "66 mistyped");
}

TEST_F(TrainingDataTest, CountsWhatTheBlacklistRemoves) {
  options_.blacklist = file("list", "b.wav\nz.wav\n");
  const TrainingSet set = train({file("1.csv", "audio,caption\na.wav,a dog\nb.wav,a cat\n")});
  EXPECT_EQ(set.items.size(), 1);
  EXPECT_EQ(count_.entries, 2);
  EXPECT_EQ(count_.matched.size(), 1);
  EXPECT_EQ(count_.items, 1);
}

TEST_F(TrainingDataTest, ValidatesOnWhatCanBeMeasured) {
  EXPECT_FALSE(read_validation_set({}, options_, {}));
  ValidationSource source;
  source.manifests = {file("1.csv", "audio,caption,label\na.wav,a dog,dog\n")};
  source.best_metric = "t2a.r1";
  const auto set = read_validation_set(source, options_, {});
  ASSERT_TRUE(set);
  EXPECT_EQ(set->patterns, std::vector<std::string>{"{} can be heard"});
  source.best_metric = "top1";
  EXPECT_EQ(refusal([&] { read_validation_set(source, options_, {}); }).substr(0, 49),
            "64 `best_metric`: 'top1' is not one of t2a.r1, t2");
  source.labels = file("labels", "dog\ncat\n");
  EXPECT_TRUE(read_validation_set(source, options_, {})->labels);
}

}  // namespace
}  // namespace claptools
