#include "claptools/evaluate/grounding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/evaluation_check.hpp"

namespace claptools {
namespace {

GroundingTask grounding(const std::string& folder) {
  return {.scores = folder + "scores.h5",
          .truth = folder + "ground_truth.tsv",
          .durations = folder + "durations.tsv"};
}

TEST(EvaluateGrounding, ScoresAFileAgainstATruth) {
  for (const char* name : {"ground/one_audio", "ground/constant_scores"}) {
    SCOPED_TRACE(name);
    const std::string folder = testing::case_folder(name);
    const Evaluation found = evaluate(grounding(folder));
    const auto expected = testing::read_json(folder + "expected.json");
    for (const auto& [metric, value] : testing::totals(found.values)) {
      if (metric != kMissing) testing::expect_value(value, expected.at(metric), metric);
    }
    testing::expect_names(found, metric_names(grounding(folder)));
  }
}

TEST(EvaluateGrounding, DrawsTheReportedCurveFirst) {
  GroundingTask task = grounding(testing::case_folder("ground/one_audio"));
  task.options.with_plots = true;
  task.options.resamples = 10;
  const Evaluation found = evaluate(task);
  ASSERT_FALSE(found.plots.empty());
  EXPECT_THAT(found.plots[0].caption, ::testing::StartsWith("psds_2021: "));
  EXPECT_TRUE(testing::totals(found.values).contains("th_auc.ci_low"));
}

TEST(EvaluateGrounding, RefusesScoresOfClasses) {
  const std::string folder = testing::case_folder("sed/edge_ragged");
  GroundingTask task = grounding(folder);
  EXPECT_THAT(testing::data_error([&] { evaluate(task); }),
              ::testing::StartsWith(task.scores + ": has "));
}

}  // namespace
}  // namespace claptools
