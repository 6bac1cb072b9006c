#include "claptools/dataset/training_set.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace claptools {
namespace {

ManifestItem item(const std::string& id) {
  ManifestItem item;
  item.audio.path = id + ".wav";
  item.id = id;
  item.duration_s = 2;
  item.captions = {"a dog barks", "barking"};
  item.label = "dog";
  return item;
}

TEST(TrainingSet, HasEveryPairAndOneIdentityAnId) {
  const TrainingSet set = make_training_set({item("a"), item("b"), item("a")});
  ASSERT_EQ(set.pairs.size(), 6U);
  EXPECT_EQ(set.pairs[3].item, 1U);
  EXPECT_EQ(set.pairs[3].caption, 1U);
  EXPECT_EQ(set.identities[0], set.identities[2]);
  EXPECT_NE(set.identities[0], set.identities[1]);
}

TEST(TrainingSet, DigestTellsWhateverAManifestSays) {
  const auto digest_with = [](const std::function<void(std::vector<ManifestItem>&)>& change) {
    std::vector<ManifestItem> items = {item("a"), item("b")};
    change(items);
    return make_training_set(std::move(items)).digest();
  };
  const std::uint64_t same = digest_with([](auto&) {});
  EXPECT_EQ(digest_with([](auto&) {}), same);
  EXPECT_NE(digest_with([](auto& items) { items[0].captions[1] = "barks"; }), same);
  EXPECT_NE(digest_with([](auto& items) { std::swap(items[0], items[1]); }), same);
  EXPECT_NE(digest_with([](auto& items) { items.pop_back(); }), same);
  EXPECT_NE(digest_with([](auto& items) { items[1].audio.path = "c.wav"; }), same);
  EXPECT_NE(digest_with([](auto& items) { items[1].audio.member = "c.wav"; }), same);
  EXPECT_NE(digest_with([](auto& items) { items[1].id = "c"; }), same);
  EXPECT_NE(digest_with([](auto& items) { items[1].label = "cat"; }), same);
  EXPECT_NE(digest_with([](auto& items) { items[1].duration_s = 2.5; }), same);
  EXPECT_NE(digest_with([](auto& items) {
              items[1].captions.push_back(items[0].captions[1]);
              items[0].captions.pop_back();
            }),
            same)
      << "the same captions, shared out otherwise";
}

}  // namespace
}  // namespace claptools
