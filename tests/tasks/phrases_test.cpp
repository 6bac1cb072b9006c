#include "claptools/tasks/phrases.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

Phrases parse(const std::string& text) {
  std::istringstream in(text);
  return Phrases::read(in, "phrases.tsv");
}

std::vector<Phrase> of(const Phrases& phrases, const std::string& id) {
  const auto own = phrases.of(id);
  return {own.begin(), own.end()};
}

TEST(Phrases, BelongToTheirRecording) {
  const Phrases phrases = parse("a.wav\ta dog\nb.wav\train\r\n\na.wav\train\n");
  EXPECT_EQ(phrases.texts(), (std::vector<std::string>{"a dog", "rain"}));
  EXPECT_EQ(of(phrases, "a.wav"), (std::vector<Phrase>{{0, ""}, {1, ""}}));
  EXPECT_EQ(of(phrases, "folder/b.wav"), (std::vector<Phrase>{{1, ""}}));
  EXPECT_TRUE(of(phrases, "c.wav").empty());
  EXPECT_FALSE(phrases.has_items());
}

TEST(Phrases, OfTheWholeNameComeFirst) {
  const Phrases phrases = parse("a.wav\tx\nb/a.wav\ty\n");
  EXPECT_EQ(of(phrases, "b/a.wav"), (std::vector<Phrase>{{1, ""}}));
  EXPECT_EQ(of(phrases, "c/a.wav"), (std::vector<Phrase>{{0, ""}}));
}

TEST(Phrases, MayBeItems) {
  const Phrases phrases = parse("a.wav\ta dog\t7_0\na.wav\ta dog\t8_3\n");
  EXPECT_EQ(of(phrases, "a.wav"), (std::vector<Phrase>{{0, "7_0"}, {0, "8_3"}}));
  EXPECT_TRUE(phrases.has_items());
}

TEST(Phrases, NameTheLineAtFault) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      parse(text);
    } catch (const Error& e) {
      return e.fault() == Fault::data ? e.what() : "another fault";
    }
    return "";
  };
  const std::string form = "is not filename, tab, phrase (tab, item)";
  EXPECT_EQ(refusal("a.wav\tx\nb.wav\n"), "phrases.tsv: line 2: " + form);
  EXPECT_EQ(refusal("a.wav\t\n"), "phrases.tsv: line 1: " + form);
  EXPECT_EQ(refusal("a.wav\tx\t\n"), "phrases.tsv: line 1: " + form);
  EXPECT_EQ(refusal("a.wav\tx\ti\tj\n"), "phrases.tsv: line 1: " + form);
  EXPECT_EQ(refusal("a.wav\tx\na.wav\tx\n"),
            "phrases.tsv: line 2: 'a.wav' has this phrase already");
  EXPECT_EQ(refusal("a.wav\tx\ti\nb.wav\tx\ti\n"), "phrases.tsv: line 2: item 'i' occurs twice");
  EXPECT_EQ(refusal(""), "phrases.tsv: no phrases");
}

}  // namespace
}  // namespace claptools
