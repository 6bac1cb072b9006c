#include "claptools/tasks/labels.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "claptools/core/error.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

Labels parse(const std::string& text) {
  std::istringstream in(text);
  return Labels::read(in, "labels.txt");
}

std::string failure(const std::string& text) {
  return testing::message_of(Fault::data, [&] { parse(text); });
}

using Strings = std::vector<std::string>;
using Prompts = std::vector<Strings>;

Prompts filled(const Labels& labels, const Strings& patterns) { return labels.prompts(patterns); }

TEST(Labels, FillsThePattern) {
  const Labels labels = parse(
      "\xEF\xBB\xBF"
      "dog\r\n\r\n  \nsea waves\ncan {}\n");
  EXPECT_EQ(labels.names(), (Strings{"dog", "sea waves", "can {}"}));
  EXPECT_EQ(filled(labels, {"{} can be heard"}),
            (Prompts{{"dog can be heard"}, {"sea waves can be heard"}, {"can {} can be heard"}}));
  EXPECT_EQ(filled(labels, {"{}, {}"})[0], Strings{"dog, dog"});
  EXPECT_EQ(filled(labels, {"a {}", "the {}"})[0], (Strings{"a dog", "the dog"}));
}

TEST(Labels, KeepsAPromptOfItsOwn) {
  const Labels labels = parse("dog\ta dog barks\nrain\t\nwind");
  EXPECT_EQ(labels.names(), (Strings{"dog", "rain", "wind"}));
  EXPECT_EQ(filled(labels, {"this is {}"}),
            (Prompts{{"a dog barks"}, {"this is rain"}, {"this is wind"}}));
}

Labels parse_prompts(const std::string& text) {
  std::istringstream in(text);
  return Labels::read_prompts(in, "prompts.tsv");
}

TEST(Labels, ReadsSeveralPromptsALabel) {
  const Labels labels = parse_prompts("dog\ta dog barks\r\nrain\tit rains\n\ndog\twoof {}\n");
  EXPECT_EQ(labels.names(), (Strings{"dog", "rain"}));
  EXPECT_EQ(filled(labels, {"{}"}), (Prompts{{"a dog barks", "woof {}"}, {"it rains"}}));
}

TEST(Labels, TakePromptsOfOthers) {
  Labels labels = parse("dog\tbarking\nrain\nwind\ta breeze");
  labels.take_prompts(parse_prompts("rain\tdrops\ndog\ta\ndog\tb"), "prompts.tsv");
  EXPECT_EQ(filled(labels, {"{}"}), (Prompts{{"a", "b"}, {"drops"}, {"a breeze"}}));
  const auto take = [&] { labels.take_prompts(parse_prompts("cat\tmeow"), "prompts.tsv"); };
  EXPECT_EQ(testing::message_of(Fault::data, take), "prompts.tsv: 'cat' is not one of the labels");
}

TEST(Labels, RefusesLinesThatAreNoPrompt) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      parse_prompts(text);
    } catch (const Error& e) {
      return e.fault() == Fault::data ? e.reason() : "another fault";
    }
    return "";
  };
  EXPECT_EQ(refusal("a\tb\ndog\n"), "line 2: is not label, tab, prompt");
  EXPECT_EQ(refusal("dog\t\n"), "line 1: is not label, tab, prompt");
  EXPECT_EQ(refusal("dog\tx\ty\n"), "line 1: is not label, tab, prompt");
  EXPECT_EQ(refusal("dog\tx\ndog\tx\n"), "line 2: label 'dog' has this prompt already");
  EXPECT_EQ(refusal("\n"), "no labels");
}

TEST(Labels, NamesTheLineAtFault) {
  EXPECT_EQ(failure(""), "labels.txt: no labels");
  EXPECT_EQ(failure("\n \r\n"), "labels.txt: no labels");
  EXPECT_EQ(failure("dog\n\nrain\ndog\tx\n"),
            "labels.txt: line 4: label 'dog' occurs already in line 1");
  EXPECT_EQ(failure("dog\n\ta prompt\n"), "labels.txt: line 2: no label before the tab");
  EXPECT_EQ(failure("dog\ta\tb\n"), "labels.txt: line 1: more than a label and a prompt");
}

TEST(Labels, RefusesAPatternWithoutAPlace) {
  EXPECT_EQ(testing::message_of(Fault::usage, [] { filled(parse("dog"), {"a dog"}); }),
            "a dog: a prompt needs {} where the label goes");
  EXPECT_THROW(fill_pattern("{}\nx", "dog"), Error);
}

TEST(Labels, RecognisesAHeader) {
  const Labels tabs = parse("label\tprompt\ndog\ta dog barks\nrain\t\n");
  EXPECT_EQ(tabs.names(), (Strings{"dog", "rain"}));
  EXPECT_EQ(filled(tabs, {"this is {}"}), (Prompts{{"a dog barks"}, {"this is rain"}}));
  const Labels commas =
      parse("\xEF\xBB\xBFLabel, Prompt\r\n\"sea, waves\",\"a \"\"sea\"\"\"\r\nrain,\r\n");
  EXPECT_EQ(commas.names(), (Strings{"sea, waves", "rain"}));
  EXPECT_EQ(filled(commas, {"{}"}), (Prompts{{"a \"sea\""}, {"rain"}}));
  const Labels turned = parse("\nid,prompt,label\n1,it rains,rain\n");
  EXPECT_EQ(filled(turned, {"{}"}), (Prompts{{"it rains"}}));
}

TEST(Labels, TakesNamesForPrompts) {
  const Labels labels = parse("label\tname\nsea_waves\tsea waves\nrain\t\n");
  EXPECT_EQ(labels.names(), (Strings{"sea_waves", "rain"}));
  EXPECT_EQ(filled(labels, {"{} here", "a {}"}),
            (Prompts{{"sea waves here", "a sea waves"}, {"rain here", "a rain"}}));
}

TEST(Labels, TakesOtherFirstLinesForLabels) {
  EXPECT_EQ(parse("label\nprompt\n").names(), (Strings{"label", "prompt"}));
  EXPECT_EQ(parse("label\tsomething\n").names(), Strings{"label"});
  EXPECT_EQ(parse("dog, cat\n").names(), Strings{"dog, cat"});
  EXPECT_EQ(failure("label,prompt\n"), "labels.txt: no labels");
  EXPECT_EQ(failure("label,prompt\ndog,x\ndog,y\n"),
            "labels.txt: line 3: label 'dog' occurs already in line 2");
}

TEST(Labels, RecognisesAHeaderOfPrompts) {
  const Labels labels = parse_prompts("label,prompt\ndog,a dog\ndog,woof\n");
  EXPECT_EQ(filled(labels, {"{}"}), (Prompts{{"a dog", "woof"}}));
}

}  // namespace
}  // namespace claptools
