#include "claptools/zero_shot/explain_rows.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "claptools/core/error.hpp"
#include "zero_shot/word_model.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::WordModel;

struct Line {
  std::string id, label;
  float cosine;
  SharedCodeword shared;
  std::vector<TimeSpan> spans;
};

class ExplainRowsTest : public ::testing::Test {
 protected:
  ExplainRowsTest() {
    header_.frame_hop_s = 0.5;
    header_.short_audio = "zero";
  }

  /// Explains one clip of `end_s`. @param weights of the words, [4]. @param affinities [frames][4].
  void explain(std::vector<float> weights, const std::vector<std::vector<float>>& affinities,
               double end_s, const TagOptions& options = {}, std::size_t most = 5) {
    LabelPicker picker(set_, embed_labels(set_.prompts, model_, 1), {});
    MatchExplainer explainer(picker, model_, options, most, [&](const ExplainedMatch& match) {
      lines_.push_back({match.segment.id, match.label, match.cosine, match.shared, match.spans});
    });
    explainer.begin(header_);
    const std::vector<Segment> segments = {{"a.wav", 10, 10 + end_s}};
    Matrix clip(1, weights.size()), frames(0, weights.size());
    clip.data = std::move(weights);
    for (const auto& frame : affinities) {
      frames.data.insert(frames.data.end(), frame.begin(), frame.end());
      ++frames.rows;
    }
    const std::vector<std::size_t> counts = {frames.rows};
    explainer.add({segments, clip, {}, frames, counts});
  }

  const WordModel model_;
  const LabelSet set_ = make_label_set({"dog", "rain"}, {"{}"});
  EmbeddingHeader header_;
  std::vector<Line> lines_;
};

TEST_F(ExplainRowsTest, NamesTheCodewordThatCarriesAMatch) {
  explain({0.75F, 0.25F, 0, 0},
          {{0.75F, 0, 0, 0}, {0.75F, 0, 0, 0}, {0, 0.25F, 0, 0}, {0.75F, 0, 0, 0}}, 2);
  ASSERT_EQ(lines_.size(), 1U);
  const Line& line = lines_[0];
  EXPECT_EQ(line.id, "a.wav");
  EXPECT_EQ(line.label, "dog");
  EXPECT_NEAR(line.cosine, 0.75 / std::hypot(0.75, 0.25), 1e-6);
  EXPECT_EQ(line.shared.index, 0U);
  EXPECT_NEAR(line.shared.contribution, line.cosine, 1e-6) << "the only word that they share";
  EXPECT_THAT(line.spans, ElementsAre(TimeSpan{10, 11}, TimeSpan{11.5, 12}));
}

TEST_F(ExplainRowsTest, FramesOfPaddingAreNoTime) {
  explain({1, 0, 0, 0}, {{1, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}}, 0.75);
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(lines_[0].spans, ElementsAre(TimeSpan{10, 10.75}));
}

TEST_F(ExplainRowsTest, FramesOfAStretchedClipShareItsLength) {
  header_.short_audio = "stretch";
  explain({1, 0, 0, 0}, {{1, 0, 0, 0}, {0, 0, 0, 0}}, 0.5);
  EXPECT_THAT(lines_.at(0).spans, ElementsAre(TimeSpan{10, 10.25}));
}

TEST_F(ExplainRowsTest, ExplainsAllLabelsThatAreAskedFor) {
  explain({0.5F, 0.5F, 0, 0}, {{0.5F, 0.5F, 0, 0}}, 0.5, {.k = 2});
  ASSERT_EQ(lines_.size(), 2U);
  EXPECT_EQ(lines_[0].label, "dog");
  EXPECT_EQ(lines_[1].label, "rain");
  EXPECT_EQ(lines_[1].shared.index, 1U);
}

TEST_F(ExplainRowsTest, NothingSharedNothingExplained) {
  explain({0, 0, 1, 0}, {{0, 0, 1, 0}}, 0.5);
  EXPECT_THAT(lines_, IsEmpty());
}

TEST(CodebookModel, GivesWeightsAndAffinitiesInPlaceOfEmbeddings) {
  const WordModel words;
  const CodebookModel model(words);
  const std::vector<float> clip = {0.25F, 0, 0.75F, 0};
  const std::span<const float> view = clip;
  const AudioEmbeddings made = model.embed_audio({&view, 1}, {});
  EXPECT_THAT(made.clips.data, ElementsAre(0.25F, 0, 0.75F, 0));
  EXPECT_EQ(made.frames.rows, 2U);
  EXPECT_THAT(made.frames.row(1), ElementsAre(0.25F, 0, 0.75F, 0));
  const std::vector<float> broken(4, std::numeric_limits<float>::quiet_NaN());
  const std::span<const float> bad = broken;
  EXPECT_THROW(model.embed_audio({&bad, 1}, {}), Error);
}

}  // namespace
}  // namespace claptools
