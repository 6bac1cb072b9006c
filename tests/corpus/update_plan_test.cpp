#include "claptools/corpus/update_plan.hpp"

#include <gmock/gmock.h>

#include <map>

namespace claptools {
namespace {

using enum UpdateAction;
using ::testing::ElementsAre;

/// An index and a folder, by names: what plan_update() makes of them as words.
class UpdatePlanTest : public ::testing::Test {
 protected:
  void store(const std::string& id, std::int64_t size, std::int64_t mtime_ns,
             const std::string& sha256, bool in_scope = true) {
    stored_.push_back({{id, size, mtime_ns, sha256}, in_scope});
  }

  void find(const std::string& id, std::int64_t size, std::int64_t mtime_ns,
            const std::string& sha256) {
    FoundFile file{id, {size, mtime_ns, true}, true, {}};
    for (std::size_t i = 0; i < stored_.size(); ++i)
      if (stored_[i].record.id == id) file.stored = i;
    found_.push_back(file);
    contents_.push_back(sha256);
  }

  std::vector<std::string> plan(const UpdateRules& rules = {}) {
    read_ = 0;
    const auto read = [&](std::size_t found) {
      ++read_;
      return contents_[found];
    };
    std::vector<std::string> words;
    for (const PlannedFile& file : plan_update(stored_, failures_, found_, rules, read)) {
      std::string word(to_string(file.action));
      if (file.found) word += " " + found_[*file.found].id;
      if (file.stored && (!file.found || file.action == move || file.action == copy))
        word += " " + stored_[*file.stored].record.id;
      words.push_back(word);
    }
    return words;
  }

  std::vector<StoredFile> stored_;
  std::vector<FailedFile> failures_;
  std::vector<FoundFile> found_;
  std::vector<std::string> contents_;
  int read_ = 0;  ///< contents that were looked at
};

TEST_F(UpdatePlanTest, WhatHasItsSizeAndTimeIsKeptUnread) {
  store("a", 10, 100, "A");
  store("b", 10, 100, "B");
  find("a", 10, 100, "other");
  find("b", 10, 100, "B");
  EXPECT_THAT(plan(), ElementsAre("keep a", "keep b"));
  EXPECT_EQ(read_, 0);
  EXPECT_THAT(plan({.checksum = true}), ElementsAre("change a", "keep b"));
  EXPECT_EQ(read_, 2);
}

TEST_F(UpdatePlanTest, AnotherTimeIsNoOtherContent) {
  store("a", 10, 100, "A");
  store("b", 10, 100, "B");
  store("c", 10, 100, "C");
  find("a", 10, 200, "A");
  find("b", 10, 50, "other");  // older than what it replaces
  find("c", 11, 100, "longer");
  EXPECT_THAT(plan(), ElementsAre("refresh a", "change b", "change c"));
  EXPECT_EQ(read_, 2) << "another size is another content";
}

TEST_F(UpdatePlanTest, NewOnesAreReadOnlyWhereTheyMayBeKnown) {
  store("a", 10, 100, "A");
  find("a", 10, 100, "A");
  find("b", 11, 100, "B");
  EXPECT_THAT(plan(), ElementsAre("keep a", "add b"));
  EXPECT_EQ(read_, 0);
}

TEST_F(UpdatePlanTest, WhatWasMovedIsNotEmbeddedAgain) {
  store("a", 10, 100, "A");
  store("b", 20, 100, "B");
  find("c", 10, 300, "A");
  EXPECT_THAT(plan(), ElementsAre("move c a", "remove b"));
}

TEST_F(UpdatePlanTest, NamesThatWereSwapped) {
  store("a", 10, 100, "A");
  store("b", 10, 100, "B");
  find("a", 10, 101, "B");
  find("b", 10, 101, "A");
  EXPECT_THAT(plan(), ElementsAre("copy a b", "copy b a"));
}

TEST_F(UpdatePlanTest, OneOfSeveralCopiesMoves) {
  store("a", 10, 100, "A");
  store("b", 10, 100, "A");
  find("b", 10, 100, "A");
  find("c", 10, 300, "A");
  find("d", 10, 300, "A");
  EXPECT_THAT(plan(), ElementsAre("keep b", "move c a", "copy d a"));
}

TEST_F(UpdatePlanTest, WhatIsOutOfScopeStays) {
  store("A/x", 10, 100, "X");
  store("B/x", 20, 100, "Y", false);
  find("A/y", 20, 100, "Y");
  EXPECT_THAT(plan(), ElementsAre("copy A/y B/x", "remove A/x"));
}

TEST_F(UpdatePlanTest, FailuresAreNotRepeatedInTheSameState) {
  store("old", 10, 100, "O");
  failures_ = {{"new", "decode", "no audio", 5, 50}, {"old", "decode", "no audio", 6, 60}};
  find("new", 5, 50, "N");
  find("old", 6, 60, "P");
  EXPECT_THAT(plan(), ElementsAre("skip new", "skip old"));
  found_.clear();
  find("new", 5, 51, "N");
  find("old", 10, 100, "O");
  EXPECT_THAT(plan(), ElementsAre("add new", "keep old"));
}

TEST_F(UpdatePlanTest, OfEarlierIndexesTheTimeOfTheIndexCounts) {
  store("a", -1, -1, "");
  store("b", -1, -1, "");
  const std::int64_t second = 1'000'000'000;
  find("a", 10, 5 * second + 3, "A");
  find("b", 10, 6 * second, "B");
  EXPECT_THAT(plan({.made_at_ns = 5 * second}), ElementsAre("refresh a", "change b"));
}

TEST_F(UpdatePlanTest, AContentIsComparedWhereTheTimeIsUnknown) {
  store("a", 10, -1, "A");
  store("b", 10, -1, "B");
  find("a", 10, 100, "A");
  find("b", 10, 100, "other");
  EXPECT_THAT(plan(), ElementsAre("refresh a", "change b"));
}

TEST_F(UpdatePlanTest, UnreadableContentsAreEmbeddedSoThatTheyFail) {
  store("a", 10, 100, "A");
  find("a", 10, 200, "");
  EXPECT_THAT(plan(), ElementsAre("change a"));
}

}  // namespace
}  // namespace claptools
