#include "claptools/evaluate/moments/moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "evaluate/evaluation_check.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::data_error;

const std::string kCase = testing::case_folder("moments");

MomentsTask golden() {
  return {.predictions = kCase + "predictions.jsonl", .truth = kCase + "truth.jsonl"};
}

TEST(EvaluateMoments, AgreesWithTheDefinitionsInPlainLoops) {
  const Evaluation found = evaluate(golden());
  const auto totals = testing::totals(found.values);
  const nlohmann::json expected = testing::read_json(kCase + "expected.json");
  EXPECT_EQ(expected.size(), 8U);
  for (const auto& [name, value] : expected.items()) {
    testing::expect_value(totals.at(name), value, name);
  }
  testing::expect_names(found, metric_names(golden()));
  EXPECT_EQ(totals.at("n_missing"), 0);
}

TEST(EvaluateMoments, ResamplesQueries) {
  MomentsTask task = golden();
  task.options.resamples = 50;
  const Evaluation found = evaluate(task);
  EXPECT_TRUE(testing::has_interval(found, "map@0.5"));
  EXPECT_FALSE(testing::totals(found.values).contains("n_queries.ci_low"));
}

class MomentFiles : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
    return (folder_.path() / name).string();
  }
  std::string refusal(const std::string& predictions, const std::string& truth,
                      const std::string& ending = ".jsonl") {
    const MomentsTask task{.predictions = write("p" + ending, predictions),
                           .truth = write("t.jsonl", truth)};
    std::string text = data_error([&] { evaluate(task); });
    const std::string prefix = folder_.path().string() + "/";
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
  }

  testing::TempDir folder_;
};

TEST_F(MomentFiles, WhatIsWrittenIsReadAgain) {
  const Evaluation first = evaluate(golden());
  MomentsTask task = golden();
  task.predictions = write("again.jsonl", first.predictions);
  const Evaluation second = evaluate(task);
  EXPECT_EQ(testing::totals(first.values), testing::totals(second.values));
  EXPECT_EQ(first.predictions, second.predictions);
}

TEST_F(MomentFiles, EventsOfATableAreThePredictionsOfTheirQuery) {
  const std::string truth = write(
      "t.jsonl",
      "{\"qid\": 1, \"query\": \"a dog\", \"vid\": \"a_1.5\", \"relevant_windows\": [[1, 3]]}\n"
      "{\"qid\": 2, \"query\": \"rain\", \"vid\": \"a_1.5\", \"relevant_windows\": [[5, 9]]}\n"
      "{\"qid\": 3, \"query\": \"rain\", \"vid\": \"b.wav\", \"relevant_windows\": [[0, 2]]}\n");
  const std::string events = write("e.tsv",
                                   "filename\tonset\toffset\tevent_label\tscore\n"
                                   "x/a_1.5.wav\t0\t1\ta dog\t0.25\n"
                                   "x/a_1.5.wav\t1\t3\ta dog\t0.75\n"
                                   "x/a_1.5.wav\t4\t9\twind\t0.5\n"
                                   "x/b.wav\t0\t2\train\t0.5\n");
  const Evaluation found = evaluate(MomentsTask{.predictions = events, .truth = truth});
  const auto totals = testing::totals(found.values);
  EXPECT_NEAR(totals.at("r1@0.7"), 200. / 3, 1e-9);
  EXPECT_EQ(totals.at("n_missing"), 0);
  EXPECT_EQ(found.predictions.substr(0, found.predictions.find('\n')),
            "{\"qid\": \"1\", \"query\": \"a dog\", \"vid\": \"a_1.5\", "
            "\"pred_relevant_windows\": [[1, 3, 0.75], [0, 1, 0.25]]}");
}

TEST_F(MomentFiles, QueriesWithoutPredictionsAreMissing) {
  const std::string one = "{\"qid\": 1, \"relevant_windows\": [[1, 3]]}\n";
  const std::string two = one + "{\"qid\": 2, \"relevant_windows\": [[1, 3]]}\n";
  const std::string predictions = "{\"qid\": 1, \"pred_relevant_windows\": [[1, 3, 0.5]]}\n\n";
  EXPECT_EQ(refusal(predictions, one), "no error");
  EXPECT_EQ(refusal(predictions, two),
            "t.jsonl: query '2' is not among those predicted, such as '1'");
  MomentsTask task{.predictions = write("p.jsonl", predictions), .truth = write("t.jsonl", two)};
  task.options.tolerate_missing = true;
  const Evaluation found = evaluate(task);
  EXPECT_EQ(found.missing, std::vector<std::string>{"2"});
  EXPECT_EQ(testing::totals(found.values).at("r1@0.5"), 100);
}

TEST_F(MomentFiles, FaultsAreNamed) {
  const std::string truth = "{\"qid\": 1, \"relevant_windows\": [[1, 3]]}\n";
  const auto predicted = [&](const std::string& windows) {
    return refusal("{\"qid\": 1, \"pred_relevant_windows\": " + windows + "}\n", truth);
  };
  EXPECT_EQ(predicted("[[1, 2, 0.5]]"), "no error");
  EXPECT_EQ(predicted("[[1, 2]]"), "p.jsonl: line 1: a moment is not [start, end, score]");
  EXPECT_EQ(predicted("[[1, 2, null]]"), "p.jsonl: line 1: a moment is not [start, end, score]");
  EXPECT_EQ(predicted("[1]"), "p.jsonl: line 1: a moment is not [start, end, score]");
  EXPECT_EQ(predicted("3"), "p.jsonl: line 1: 'pred_relevant_windows' is not a list");
  EXPECT_EQ(refusal("[]\n", truth), "p.jsonl: line 1: is not a JSON object");
  EXPECT_EQ(refusal("{\"qid\": 1}\n", truth), "p.jsonl: line 1: has no 'pred_relevant_windows'");
  EXPECT_EQ(refusal("{\"pred_relevant_windows\": []}\n", truth), "p.jsonl: line 1: has no 'qid'");
  EXPECT_EQ(refusal("{\"qid\": [], \"pred_relevant_windows\": []}\n", truth),
            "p.jsonl: line 1: 'qid' is neither a text nor a number");
  EXPECT_THAT(refusal("{\"qid\": 1, \"pred_relevant_windows\": [}\n", truth),
              ::testing::StartsWith("p.jsonl: line 1: "));
  const std::string line = "{\"qid\": 1, \"pred_relevant_windows\": []}\n";
  EXPECT_EQ(refusal(line + line, truth), "p.jsonl: line 2: duplicate qid '1'");
  EXPECT_EQ(refusal("{\"qid\": 9, \"pred_relevant_windows\": []}\n" + line, truth),
            "p.jsonl: query '9' is not among those of the truth, such as '1'");
  EXPECT_EQ(refusal(line, "{\"qid\": 1, \"relevant_windows\": [[3, 3]]}\n"),
            "t.jsonl: line 1: a moment ends at 3, not after its start");
  EXPECT_EQ(refusal(line, "{\"qid\": 1, \"relevant_windows\": []}\n"),
            "t.jsonl: moments: no query");
  const std::string header = "filename\tonset\toffset\tevent_label\tscore\n";
  EXPECT_EQ(refusal(header + "a.wav\tx\t1\tdog\t1\n", truth, ".tsv"),
            "p.tsv: line 2: onset 'x' is not a number");
  EXPECT_EQ(refusal(header + "a.wav\t0\t1\tdog\t1\n", truth, ".tsv"),
            "p.tsv: no event is of a query's 'vid' and 'query'; one is of 'a' and 'dog'");
  EXPECT_EQ(refusal("filename\tonset\toffset\tevent_label\n", truth, ".tsv"),
            "p.tsv: column 'score' is missing");
}

}  // namespace
}  // namespace claptools
