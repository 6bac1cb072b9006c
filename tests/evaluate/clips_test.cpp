#include "claptools/evaluate/clips.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "claptools/store/scores/score_file.hpp"
#include "evaluate/evaluation_check.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::StartsWith;

ClassificationTask classification(const std::string& folder) {
  return {.scores = folder + "scores.h5", .truth = folder + "labels.csv"};
}

TaggingTask tagging(const std::string& folder) {
  return {.scores = folder + "scores.h5", .truth = folder + "tags.tsv"};
}

/// The totals and the values by class that a golden case expects.
void expect_case(const Evaluation& found, const std::string& folder) {
  const json expected = testing::read_json(folder + "expected.json");
  const auto totals = testing::totals(found.values);
  std::size_t compared = 0;
  for (const auto& [name, value] : expected.items()) {
    if (value.is_object()) {
      const auto classes = testing::by_class(found, name);
      EXPECT_EQ(classes.size(), value.size()) << name;
      for (const auto& [c, number] : value.items())
        testing::expect_value(classes.at(c), number, name + " " + c);
    } else if (totals.contains(name)) {
      testing::expect_value(totals.at(name), value, name);
      ++compared;
    }
  }
  EXPECT_EQ(compared, totals.size() - 1) << "all but n_missing";
  EXPECT_EQ(totals.at(kMissing), 0);
}

TEST(EvaluateClassification, ScoresAFileAgainstATruth) {
  const std::string folder = testing::case_folder("cls/three_classes");
  const Evaluation found = evaluate(classification(folder));
  expect_case(found, folder);
  testing::expect_names(found, metric_names(classification(folder)));
  EXPECT_TRUE(found.plots.empty());
}

TEST(EvaluateClassification, ScenesBeginWithTheirMetric) {
  ClassificationTask task = classification(testing::case_folder("cls/three_classes"));
  task.options.resamples = 20;
  task.scenes = true;
  const Evaluation found = evaluate(task);
  EXPECT_EQ(found.values.at(0).metric, "mean_class_accuracy");
  EXPECT_EQ(found.values.at(1).metric, "mean_class_accuracy.ci_low");
  EXPECT_EQ(found.values.at(3).metric, "top1");
}

TEST(EvaluateClassification, IntervalsFollowTheSeedAlone) {
  ClassificationTask task = classification(testing::case_folder("cls/three_classes"));
  task.options.resamples = 100;
  const Evaluation one = evaluate(task);
  EXPECT_TRUE(testing::has_interval(one, "top1"));
  task.options.threads = 2;
  EXPECT_EQ(testing::totals(evaluate(task).values), testing::totals(one.values));
  task.options.seed = 2;
  EXPECT_NE(testing::totals(evaluate(task).values), testing::totals(one.values));
}

TEST(EvaluateTagging, ScoresAFileAgainstATruth) {
  for (const char* name : {"tag/ties", "tag/missing_full_and_perfect"}) {
    SCOPED_TRACE(name);
    const std::string folder = testing::case_folder(name);
    const Evaluation found = evaluate(tagging(folder));
    expect_case(found, folder);
    testing::expect_names(found, metric_names(tagging(folder)));
  }
}

TEST(EvaluateTagging, DrawsIfAskedTo) {
  TaggingTask task = tagging(testing::case_folder("tag/ties"));
  task.options.with_plots = true;
  const Evaluation found = evaluate(task);
  ASSERT_EQ(found.plots.size(), 1U);
  EXPECT_THAT(found.plots[0].svg, StartsWith("<svg "));
}

/// Two clips of two classes, and one that failed.
class ClipFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::vector<std::string> no_meta;
    ScoreHeader header;
    header.model_name = "m";
    header.tool = "clap-classify 1";
    header.classes = {"dog", "cat"};
    header.prompts = {"a dog", "a cat"};
    ScoreWriter writer(task_.scores, header, false);
    Matrix row(1, 2);
    row.data = {1, 0};
    writer.append("d/a.wav", row, no_meta);
    row.data = {0, 1};
    writer.append("d/b.wav", row, no_meta);
    writer.append_error({"d/c.wav", "decode", "no audio"});
    writer.commit();
    write_truth("a.wav,dog\nb.wav,cat\n");
    task_.options.names.basenames = true;
  }

  void write_truth(const std::string& rows) {
    testing::write_bytes(folder_ / "labels.csv", "id,label\n" + rows);
  }

  testing::TempDir folder_;
  ClassificationTask task_{.scores = folder_ / "scores.h5", .truth = folder_ / "labels.csv"};
};

TEST_F(ClipFiles, TellHowTheScoresWereMade) {
  EXPECT_THAT(evaluate(task_).provenance,
              ElementsAre(Pair("model_name", "m"), Pair("prompt", "a {}"),
                          Pair("scores_tool", "clap-classify 1")));
}

TEST_F(ClipFiles, InputsThatFailedAreMissing) {
  const Evaluation found = evaluate(task_);
  EXPECT_THAT(found.missing, ElementsAre("d/c.wav"));
  EXPECT_EQ(found.values.back().metric, kMissing);
  EXPECT_EQ(found.values.back().value, 1);
  EXPECT_EQ(found.values.front().value, 1) << "top1 of the others";
}

TEST_F(ClipFiles, ClipsWithoutScoresAreRefusedUnlessTolerated) {
  write_truth("a.wav,dog\nb.wav,cat\nz.wav,cat\n");
  EXPECT_THAT(testing::data_error([&] { evaluate(task_); }),
              StartsWith(task_.truth + ": clip 'z.wav' is not among those scored"));
  task_.options.tolerate_missing = true;
  EXPECT_THAT(evaluate(task_).missing, ElementsAre("d/c.wav", "z.wav"));
}

TEST_F(ClipFiles, ClipsWithoutTruthAreRefusedUnlessDropped) {
  write_truth("a.wav,dog\n");
  EXPECT_THAT(testing::data_error([&] { evaluate(task_); }), StartsWith(task_.truth));
  task_.drop_clips_without_truth = true;
  EXPECT_EQ(testing::totals(evaluate(task_).values).at("n_clips"), 1);
}

TEST_F(ClipFiles, NamesAreComparedAsAskedFor) {
  task_.options.names.basenames = false;
  EXPECT_THAT(testing::data_error([&] { evaluate(task_); }), StartsWith(task_.truth));
}

}  // namespace
}  // namespace claptools
