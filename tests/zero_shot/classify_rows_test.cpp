#include "claptools/zero_shot/classify_rows.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "claptools/core/error.hpp"
#include "zero_shot/word_model.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::rows_of;
using testing::WordModel;

/// Clips whose embeddings are those of texts, one meta column.
struct Clips {
  explicit Clips(const std::vector<std::string>& texts) : embeddings(rows_of(texts)) {
    for (const std::string& text : texts) {
      segments.push_back({text + ".wav", 0, 1});
      meta[0].push_back("meta of " + text);
    }
  }
  EmbeddingRows view() const { return {segments, embeddings, meta, {}, {}}; }

  std::vector<Segment> segments;
  Matrix embeddings;
  std::vector<std::vector<std::string>> meta{{}};
};

/// id, then the labels in order.
std::vector<std::vector<std::string>> classify(const Clips& clips, const LabelSet& set,
                                               const TagOptions& options,
                                               NearMiss* miss = nullptr) {
  LabelPicker picker(set, embed_labels(set.prompts, WordModel(), 1), {});
  std::vector<std::vector<std::string>> lines;
  classify_rows(clips.view(), picker, options, [&](const ClassifiedRow& row) {
    auto& line = lines.emplace_back(1, row.segment.id);
    for (const auto& [label, score] : row.chosen) {
      EXPECT_EQ(score, row.scores.row(0)[label]);
      line.push_back(row.labels.names[label]);
    }
    EXPECT_EQ(row.meta[0], "meta of " + row.segment.id.substr(0, row.segment.id.find(".wav")));
    if (miss) note_miss(row, *miss);
  });
  return lines;
}

TEST(ClassifyRows, GivesTheBestLabels) {
  const LabelSet set = make_label_set({"rain", "dog", "bell"}, {"{}"});
  const Clips clips({"dog", "rain and dog"});
  EXPECT_THAT(classify(clips, set, {}),
              ElementsAre(ElementsAre("dog.wav", "dog"), ElementsAre("rain and dog.wav", "rain")));
  EXPECT_THAT(classify(clips, set, {.k = 2}),
              ElementsAre(ElementsAre("dog.wav", "dog", "rain"),
                          ElementsAre("rain and dog.wav", "rain", "dog")));
}

TEST(ClassifyRows, GivesProbabilitiesInTheOrderOfTheCosines) {
  const LabelSet set = make_label_set({"rain", "dog", "bell"}, {"{}"});
  LabelPicker picker(set, embed_labels(set.prompts, WordModel(), 1), {});
  const Clips clips({"dog"});
  const TagOptions options{.k = 3, .softmax_scale = 2};
  classify_rows(clips.view(), picker, options, [&](const ClassifiedRow& row) {
    ASSERT_EQ(row.chosen.size(), 3U);
    EXPECT_EQ(row.chosen[0].index, 1U);
    const double others = 1, best = std::exp(2.0);
    EXPECT_FLOAT_EQ(row.chosen[0].score, static_cast<float>(best / (best + 2 * others)));
    EXPECT_FLOAT_EQ(row.chosen[2].score, static_cast<float>(others / (best + 2 * others)));
    EXPECT_EQ(row.scores.row(0)[1], 1) << "the cosines stay";
  });
}

TEST(ClassifyRows, TagsAllThatExceedTheirThreshold) {
  LabelSet set = make_label_set({"rain", "dog", "bell"}, {"{}"}, 0.6);
  const Clips clips({"dog and rain", "bell", "car"});
  NearMiss miss;
  EXPECT_THAT(classify(clips, set, {.multilabel = true}, &miss),
              ElementsAre(ElementsAre("dog and rain.wav", "rain", "dog"),
                          ElementsAre("bell.wav", "bell"), ElementsAre("car.wav")));
  EXPECT_FALSE(miss.highest());
}

TEST(ClassifyRows, SaysHowNearItCame) {
  LabelSet set = make_label_set({"rain", "dog"}, {"{}"}, 0.8);
  set.thresholds[1] = 1;  // what no cosine exceeds
  NearMiss miss;
  EXPECT_FALSE(miss.highest());
  EXPECT_THAT(classify(Clips({"car", "dog and rain"}), set, {.multilabel = true}, &miss),
              ElementsAre(ElementsAre("car.wav"), ElementsAre("dog and rain.wav")));
  const auto highest = miss.highest();
  ASSERT_TRUE(highest);
  EXPECT_FLOAT_EQ(highest->score, std::sqrt(0.5F));
  EXPECT_EQ(highest->label, "rain");
  EXPECT_EQ(highest->id, "dog and rain.wav");
  EXPECT_EQ(highest->threshold, 0.8);
}

/// Each recording is compared with its own phrases, all of which are told; one without is left out.
TEST(ClassifyRows, RanksThePhrasesOfARecording) {
  std::istringstream in("dog.wav\tdog barks\ndog.wav\train\nrain.wav\tbell\n");
  const Phrases phrases = Phrases::read(in, "phrases");
  LabelSet set = make_label_set(phrases.texts(), {"{}"});
  set.phrases = phrases;
  EXPECT_THAT(
      classify(Clips({"dog", "car", "rain"}), set, {}),
      ElementsAre(ElementsAre("dog.wav", "dog barks", "rain"), ElementsAre("rain.wav", "bell")));
}

TEST(ClassifyRows, NoRowsNoCalls) {
  EXPECT_THAT(classify(Clips({}), make_label_set({"dog"}), {}), IsEmpty());
}

TEST(ClassifyRows, EmbeddingsOfAnotherWidthAreRefused) {
  const LabelSet set = make_label_set({"dog"});
  LabelPicker picker(set, Matrix(1, 3), {});
  EXPECT_THROW(classify_rows(Clips({"dog"}).view(), picker, {}, [](const ClassifiedRow&) {}),
               Error);
}

}  // namespace
}  // namespace claptools
