#include "claptools/zero_shot/score_rows.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "claptools/core/error.hpp"
#include "claptools/store/scores/frame_score_file.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"
#include "zero_shot/word_model.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Matrix scores_of(std::vector<float> data, std::size_t rows = 1) {
  Matrix scores(rows, data.size() / rows);
  scores.data = std::move(data);
  return scores;
}

class ScoreRowsTest : public ::testing::Test {
 protected:
  ScoreRowsTest() {
    header_.meta_columns = {"city"};
    header_.frame_hop_s = 0.5;
  }

  static LabelSet phrases(const std::string& lines) {
    std::istringstream in(lines);
    Phrases phrases = Phrases::read(in, "phrases");
    LabelSet set = make_label_set(phrases.texts(), {"{}"});
    set.phrases = std::move(phrases);
    return set;
  }

  static LabelPicker picker(const LabelSet& set) {
    return {set, embed_labels(set.prompts, testing::WordModel(), 1), {}};
  }

  testing::TempDir folder_;
  const std::string path_ = folder_ / "s.h5";
  const Provenance origin_{"words", "00ff", "test 1", "test", {}, {}};
  const LabelSet set_ = make_label_set({"dog", "rain"}, {"{}", "a {}"});
  const std::vector<std::string> meta_ = {"Bonn"};
  EmbeddingHeader header_;
};

TEST_F(ScoreRowsTest, OneRowPerRecording) {
  LabelPicker labels = picker(set_);
  ScoreRows rows(path_, false, origin_, set_);
  rows.begin(header_, false, "a.h5");
  rows.add("a.wav", labels.of("a.wav"), scores_of({0.5F, 0.25F}), meta_);
  rows.add_error({"b.wav", "decode", "is damaged"}, labels.of("b.wav"));
  rows.close();
  const Scores scores = read_scores(path_);
  EXPECT_THAT(scores.ids, ElementsAre("a.wav"));
  EXPECT_THAT(scores.classes, ElementsAre("dog", "rain"));
  EXPECT_THAT(scores.prompts, ElementsAre("dog\na dog", "rain\na rain"));
  EXPECT_THAT(scores.scores.data, ElementsAre(0.5F, 0.25F));
  EXPECT_THAT(scores.failed, ElementsAre("b.wav"));
  EXPECT_THAT(scores.meta, ElementsAre(ElementsAre("Bonn")));
  EXPECT_EQ(scores.model_name, "words");
  EXPECT_TRUE(scores.offsets.empty());
}

TEST_F(ScoreRowsTest, FramesOfRecordings) {
  LabelPicker labels = picker(set_);
  ScoreRows rows(path_, false, origin_, set_);
  rows.begin(header_, true, "a.h5");
  rows.add("a.wav", labels.of("a.wav"), scores_of({1, 0, 0, 1, 0, 0}, 3), meta_);
  EmbeddingHeader other = header_;
  other.frame_hop_s = 0.25;
  EXPECT_EQ(testing::message_of(Fault::data, [&] { rows.begin(other, true, "b.h5"); }),
            "b.h5: its frames have another length than those before");
  rows.close();
  const Scores scores = read_scores(path_);
  EXPECT_EQ(scores.hop_s, 0.5);
  EXPECT_THAT(scores.offsets, ElementsAre(0, 3));
}

/// A folder of tables has the same scores as a file; meta values and failed inputs have no place.
TEST_F(ScoreRowsTest, FramesInAFolder) {
  const std::string folder = folder_ / "scores/";
  LabelPicker labels = picker(set_);
  ScoreRows rows(folder, false, origin_, set_);
  rows.expect(std::vector<std::string>{"day/a.wav", "b.wav"});
  rows.begin(header_, true, "a.h5");
  rows.add("day/a.wav", labels.of("day/a.wav"), scores_of({1, 0.1F, 0, 1, 0, 0}, 3), meta_);
  rows.add_error({"b.wav", "decode", "is damaged"}, labels.of("b.wav"));
  rows.close();
  FrameScoreReader reader(folder);
  EXPECT_THAT(reader.ids(), ElementsAre("a"));
  EXPECT_EQ(reader.classes(), set_.names);
  EXPECT_THAT(reader.scores(0).data, ElementsAre(1, 0.1F, 0, 1, 0, 0));
  EXPECT_THAT(reader.boundaries(0), ElementsAre(0, 0.5, 1, 1.5));
}

TEST_F(ScoreRowsTest, AFolderNeedsFramesAndNamesOfTheirOwn) {
  ScoreRows rows(folder_ / "scores/", false, origin_, set_);
  EXPECT_EQ(testing::message_of(Fault::usage, [&] { rows.begin(header_, false, "a.h5"); }),
            "`scores`: can be a folder of tables only with `events`");
  const std::vector<std::string> twins{"day1/a.wav", "day2/a.wav"};
  EXPECT_THAT(testing::message_of(Fault::data, [&] { rows.expect(twins); }),
              HasSubstr("a.tsv: would be the table of 'day1/a.wav' and of 'day2/a.wav'"));
  EXPECT_NO_THROW(ScoreRows(path_, false, origin_, set_).expect(twins));
}

TEST_F(ScoreRowsTest, FramesAreCountedFromTheFirstSample) {
  ScoreRows rows(path_, false, origin_, set_);
  header_.options = "time-zero=container ";
  EXPECT_EQ(testing::message_of(Fault::usage, [&] { rows.begin(header_, true, "a.h5"); }),
            "`scores`: with `events` counts frames from the first sample: not with `time_zero` "
            "container");
  EXPECT_NO_THROW(rows.begin(header_, false, "a.h5"));
}

TEST_F(ScoreRowsTest, OneRowPerItemOfPhrases) {
  const LabelSet set = phrases("a.wav\tdog\tone\na.wav\train\ttwo\nb.wav\tdog\tthree\n");
  LabelPicker labels = picker(set);
  ScoreRows rows(path_, false, origin_, set);
  header_.meta_columns = {"city", "filename", "phrase"};
  rows.begin(header_, false, "a.h5");
  const std::vector<std::string> meta = {"Bonn", "", ""};
  rows.add("x/a.wav", labels.of("x/a.wav"), scores_of({0.5F, 0.25F}), meta);
  EXPECT_EQ(
      testing::message_of(Fault::data,
                          [&] {
                            rows.add("y/a.wav", labels.of("y/a.wav"), scores_of({1, 1}), meta);
                          }),
      "y/a.wav: is another recording with the name of item 'one'; name recordings by "
      "their whole paths in `phrases`");
  rows.add_error({"b.wav", "decode", "is damaged"}, labels.of("b.wav"));
  rows.close();
  const Scores scores = read_scores(path_);
  EXPECT_THAT(scores.ids, ElementsAre("one", "two"));
  EXPECT_THAT(scores.classes, ElementsAre("phrase"));
  EXPECT_THAT(scores.scores.data, ElementsAre(0.5F, 0.25F));
  EXPECT_THAT(scores.failed, ElementsAre("three"));
  ASSERT_THAT(scores.meta_columns, ElementsAre("city", "filename", "phrase"));
  EXPECT_THAT(scores.meta[1], ElementsAre("x/a.wav", "x/a.wav"));
  EXPECT_THAT(scores.meta[2], ElementsAre("dog", "rain"));
}

TEST_F(ScoreRowsTest, PhrasesNeedItems) {
  const LabelSet set = phrases("a.wav\tdog\n");
  EXPECT_THAT(testing::message_of(Fault::data, [&] { ScoreRows(path_, false, origin_, set); }),
              HasSubstr("`phrases`: a score file needs a third field"));
}

TEST_F(ScoreRowsTest, ARecordingHasOneRow) {
  LabelPicker labels = picker(set_);
  ScoreRows rows(path_, false, origin_, set_);
  rows.begin(header_, false, "a.h5");
  rows.add("a.wav", labels.of("a.wav"), scores_of({0, 0}), meta_);
  EXPECT_THAT(testing::message_of(Fault::data,
                                  [&] {
                                    rows.add("a.wav", labels.of("a.wav"), scores_of({0, 0}), meta_);
                                  }),
              HasSubstr("a.wav: has several rows"));
}

TEST_F(ScoreRowsTest, WithoutAPathNothingIsKept) {
  LabelPicker labels = picker(set_);
  ScoreRows rows("", false, origin_, set_);
  EXPECT_FALSE(rows.wanted());
  rows.begin(header_, false, "a.h5");
  for (int i = 0; i < 2; ++i) rows.add("a.wav", labels.of("a.wav"), scores_of({0, 0}), meta_);
  rows.close();
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace claptools
