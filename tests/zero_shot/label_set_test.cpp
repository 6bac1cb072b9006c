#include "claptools/zero_shot/label_set.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "claptools/core/error.hpp"
#include "claptools/zero_shot/label_picker.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"
#include "zero_shot/word_model.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::WordModel;
using testing::write_bytes;

TEST(LabelSet, IsMadeOfNamesAlone) {
  const LabelSet set = make_label_set({"dog", "rain"});
  EXPECT_THAT(set.names, ElementsAre("dog", "rain"));
  EXPECT_THAT(set.prompts,
              ElementsAre(ElementsAre("dog can be heard"), ElementsAre("rain can be heard")));
  EXPECT_THAT(set.thresholds, ElementsAre(0.5, 0.5));
  EXPECT_FALSE(set.phrases);
}

TEST(LabelSet, TakesAPromptPerPattern) {
  const LabelSet set = make_label_set({"dog"}, {"a {}", "{} and {}"}, 0.25);
  EXPECT_THAT(set.prompts, ElementsAre(ElementsAre("a dog", "dog and dog")));
  EXPECT_THAT(set.patterns, ElementsAre("a {}", "{} and {}"));
  EXPECT_THAT(set.thresholds, ElementsAre(0.25));
}

TEST(LabelSet, RefusesWhatIsNoSet) {
  EXPECT_EQ(testing::message_of(Fault::data,
                                [] {
                                  make_label_set({"dog", "cat", "dog"});
                                }),
            "dog: duplicate label");
  EXPECT_THAT(testing::message_of(Fault::usage, [] { make_label_set({"dog"}, {"a sound"}); }),
              HasSubstr("needs {}"));
}

/// The mean of an ensemble points between its prompts and has unit length again.
TEST(LabelSet, AveragesItsPrompts) {
  const WordModel model;
  const std::vector<std::vector<std::string>> prompts = {{"dog", "rain"}, {"bell"}};
  const Matrix rows = embed_labels(prompts, model, 2);
  ASSERT_EQ(rows.rows, 2U);
  const float half = std::sqrt(0.5F);
  EXPECT_THAT(rows.row(0), ElementsAre(FloatEq(half), FloatEq(half), 0, 0));
  EXPECT_THAT(rows.row(1), ElementsAre(0, 0, 1, 0));
}

class LabelFilesTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& lines) {
    write_bytes(folder_ / name, lines);
    return folder_ / name;
  }

  LabelSources sources_;
  testing::TempDir folder_;
};

TEST_F(LabelFilesTest, LabelsAndTheirPrompts) {
  sources_.labels = file("labels", "dog\nrain\ta storm\nbell\n");
  sources_.prompts = file("prompts", "bell\tding\nbell\tdong\n");
  sources_.thresholds = file("thresholds", "rain\t0.75\n");
  const LabelSet set = read_label_set(sources_, 0.25);
  EXPECT_THAT(set.names, ElementsAre("dog", "rain", "bell"));
  EXPECT_THAT(set.prompts, ElementsAre(ElementsAre("dog can be heard"), ElementsAre("a storm"),
                                       ElementsAre("ding", "dong")));
  EXPECT_THAT(set.thresholds, ElementsAre(0.25, 0.75, 0.25));
  EXPECT_THAT(set.patterns, ElementsAre(kDefaultPattern));
}

TEST_F(LabelFilesTest, PromptsNameTheLabelsWhereNoOtherFileDoes) {
  sources_.prompts = file("prompts", "bell\tding\ndog\twoof\nbell\tdong\n");
  const LabelSet set = read_label_set(sources_, 0.5);
  EXPECT_THAT(set.names, ElementsAre("bell", "dog"));
  EXPECT_THAT(set.prompts, ElementsAre(ElementsAre("ding", "dong"), ElementsAre("woof")));
}

TEST_F(LabelFilesTest, PhrasesAreTheirOwnPrompts) {
  sources_.phrases = file("phrases", "a.wav\ta dog barks\nb.wav\train falls\nb.wav\ta dog barks\n");
  LabelSet set = read_label_set(sources_, 0.5);
  ASSERT_TRUE(set.phrases);
  EXPECT_THAT(set.names, ElementsAre("a dog barks", "rain falls"));
  EXPECT_THAT(set.prompts, ElementsAre(ElementsAre("a dog barks"), ElementsAre("rain falls")));
  sources_.patterns = {"the sound of {}"};
  set = read_label_set(sources_, 0.5);
  EXPECT_THAT(set.prompts[1], ElementsAre("the sound of rain falls"));
}

/// The library names members; which flags set them is the command line's to say.
TEST_F(LabelFilesTest, FilesThatMakeNoSet) {
  EXPECT_EQ(testing::message_of(Fault::usage, [&] { read_label_set(sources_, 0.5); }),
            "no labels: give `labels`, `prompts` or `phrases`");
  sources_.phrases = file("phrases", "a.wav\ta dog\n");
  sources_.labels = file("labels", "dog\n");
  EXPECT_EQ(testing::message_of(Fault::usage, [&] { read_label_set(sources_, 0.5); }),
            "`phrases`: cannot go with `labels` or `prompts`");
  sources_.phrases.clear();
  sources_.labels = folder_ / "none";
  EXPECT_THAT(testing::message_of(Fault::no_input, [&] { read_label_set(sources_, 0.5); }),
              HasSubstr("none"));
  sources_.labels = file("labels", "dog\n");
  sources_.thresholds = file("thresholds", "cat\t0.1\n");
  EXPECT_THAT(testing::message_of(Fault::data, [&] { read_label_set(sources_, 0.5); }),
              HasSubstr("cat"));
}

TEST(LabelPicker, GivesAllLabelsToEveryRecording) {
  const LabelSet set = make_label_set({"dog", "rain"}, {"{}"}, 0.3);
  LabelPicker picker(set, embed_labels(set.prompts, WordModel(), 1), {});
  for (const char* id : {"a.wav", "b.wav"}) {
    const ClipLabels& own = picker.of(id);
    EXPECT_THAT(own.names, ElementsAre("dog", "rain"));
    EXPECT_THAT(own.index, ElementsAre(0, 1));
    EXPECT_THAT(own.thresholds, ElementsAre(0.3, 0.3));
    EXPECT_THAT(own.prompts.row(1), ElementsAre(0, 1, 0, 0));
  }
}

TEST_F(LabelFilesTest, ARecordingIsComparedWithItsOwnPhrases) {
  sources_.phrases = file("phrases", "a.wav\tdog\tone\nb.wav\train\ttwo\nb.wav\tdog\tthree\n");
  const LabelSet set = read_label_set(sources_, 0.5);
  std::vector<std::string> warnings;
  const Log log = [&](LogLevel, std::string_view text) { warnings.emplace_back(text); };
  LabelPicker picker(set, embed_labels(set.prompts, WordModel(), 1), log);
  EXPECT_THAT(picker.of("a.wav").names, ElementsAre("dog"));
  const ClipLabels& own = picker.of("b.wav");
  EXPECT_THAT(own.names, ElementsAre("rain", "dog"));
  EXPECT_THAT(own.index, ElementsAre(1, 0));
  EXPECT_THAT(own.items, ElementsAre("two", "three"));
  EXPECT_THAT(own.prompts.row(0), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(warnings, IsEmpty());
  for (int window = 0; window < 2; ++window) EXPECT_THAT(picker.of("c.wav").names, IsEmpty());
  EXPECT_THAT(warnings, ElementsAre("c.wav: has no phrases")) << "once";
}

}  // namespace
}  // namespace claptools
