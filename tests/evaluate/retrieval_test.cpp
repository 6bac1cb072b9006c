#include "claptools/evaluate/retrieval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/evaluation_check.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

using nlohmann::json;

const std::string kTies = testing::case_folder("ret/ties");
const std::string kOneAudio = testing::case_folder("ret/one_audio");

void expect_directions(const Evaluation& found, const json& expected) {
  const auto totals = testing::totals(found.values);
  EXPECT_EQ(expected.size(), 2U);
  for (const auto& [direction, metrics] : expected.items()) {
    for (const auto& [name, value] : metrics.items()) {
      const std::string metric = direction + "." + name;
      testing::expect_value(totals.at(metric), value, metric);
    }
  }
}

TEST(EvaluateRetrieval, ScoresSimilaritiesByEachRuleOfTies) {
  const json expected = testing::read_json(kTies + "expected.json").at("by_tie_rule");
  const std::map<std::string, TieRule> rules{{"last_index_first", TieRule::last_index_first},
                                             {"first_index_first", TieRule::first_index_first},
                                             {"optimistic", TieRule::optimistic},
                                             {"pessimistic", TieRule::pessimistic}};
  EXPECT_EQ(expected.size(), rules.size());
  for (const auto& [name, rule] : rules) {
    SCOPED_TRACE(name);
    expect_directions(
        evaluate(RetrievalTask{
            .scores = kTies + "similarity.h5", .truth = kTies + "captions.csv", .ties = rule}),
        expected.at(name));
  }
}

TEST(EvaluateRetrieval, ScoresEmbeddings) {
  const RetrievalTask task{.embeddings = kOneAudio + "embeddings.h5",
                           .truth = kOneAudio + "captions.csv"};
  const Evaluation found = evaluate(task);
  expect_directions(found, testing::read_json(kOneAudio + "expected.json").at("official"));
  std::vector<std::string> names = retrieval_metrics();
  names.emplace_back(kMissing);
  testing::expect_names(found, names);
  EXPECT_EQ(testing::totals(found.values).at("n_audio"), 1);
}

TEST(EvaluateRetrieval, DrawsAndResamplesIfAskedTo) {
  RetrievalTask task{.scores = kTies + "similarity.h5", .truth = kTies + "captions.csv"};
  task.options.with_plots = true;
  task.options.resamples = 50;
  const Evaluation found = evaluate(task);
  EXPECT_EQ(found.plots.size(), 1U);
  EXPECT_TRUE(testing::has_interval(found, "t2a.map10"));
  EXPECT_FALSE(testing::totals(found.values).contains("n_audio.ci_low"));
}

TEST(EvaluateRetrieval, TakesOneKindOfInput) {
  const auto refusal = [](const RetrievalTask& task) {
    return testing::message_of(Fault::usage, [&] { evaluate(task); });
  };
  const std::string text = "retrieval: give one of `scores`, `embeddings`, `audio` and `text`";
  EXPECT_EQ(refusal({.truth = "t"}), text);
  EXPECT_EQ(refusal({.scores = "s", .embeddings = "e", .truth = "t"}), text);
  EXPECT_EQ(refusal({.audio = "a", .truth = "t"}), text);
}

}  // namespace
}  // namespace claptools
