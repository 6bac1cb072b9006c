#include "claptools/metrics/retrieval/judged_retrieval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "claptools/evaluate/retrieval.hpp"
#include "evaluate/evaluation_check.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::data_error;

const std::string kGraded = testing::case_folder("ranked/graded");
const std::string kEmbeddings = testing::case_folder("ranked/embeddings");
const std::string kCaptions = testing::case_folder("ret/ties");

RetrievalTask graded() {
  return {.scores = kGraded + "similarity.h5", .truth = kGraded + "qrels.tsv"};
}

TEST(EvaluateJudged, ATruthOfQueriesAndItemsIsRecognisedByItsColumns) {
  const Evaluation found = evaluate(graded());
  std::vector<std::string> names = judged_metrics();
  names.emplace_back(kMissing);
  testing::expect_names(found, names);
  const auto expected = testing::read_json(kGraded + "expected.json");
  EXPECT_NEAR(testing::totals(found.values).at("dcase_map16"),
              expected.at("dcase_map16").get<double>(), testing::kTolerance);
  const auto known = metric_names(graded());
  for (const std::string& name : names) {
    EXPECT_THAT(known, ::testing::Contains(name));
  }
}

/// The texts are sums of embeddings, with ids of their own.
TEST(EvaluateJudged, EmbeddingsAreAskedByTheSideThatHasTheFirstQuery) {
  const auto expected = testing::read_json(kEmbeddings + "expected.json");
  for (const char* direction : {"t2a", "a2t"}) {
    const auto found =
        testing::totals(evaluate(RetrievalTask{.embeddings = kEmbeddings + "embeddings.h5",
                                               .truth = kEmbeddings + direction + ".tsv"})
                            .values);
    EXPECT_EQ(expected.at(direction).size(), 42U);
    for (const auto& [name, value] : expected.at(direction).items()) {
      EXPECT_NEAR(found.at(name), value.get<double>(), testing::kTolerance) << direction << name;
    }
  }
}

TEST(EvaluateJudged, DrawsAndResamplesIfAskedTo) {
  RetrievalTask task = graded();
  task.options.with_plots = true;
  task.options.resamples = 50;
  const Evaluation found = evaluate(task);
  ASSERT_EQ(found.plots.size(), 1U);
  EXPECT_THAT(found.plots[0].svg, ::testing::HasSubstr("queries to items"));
  EXPECT_TRUE(testing::has_interval(found, "ndcg_at_10"));
  EXPECT_FALSE(testing::totals(found.values).contains("n_queries.ci_low"));
}

TEST(EvaluateJudged, ValuesOfTheScoreboardAreThoseWithoutDcase) {
  RetrievalTask task = graded();
  EXPECT_TRUE(evaluate(task).mteb.empty());
  task.options.mteb = MtebKind::text_to_audio;
  const Evaluation found = evaluate(task);
  EXPECT_EQ(found.mteb.size(), 42U);
  const auto all = testing::totals(found.values);
  for (const MetricValue& v : found.mteb) EXPECT_EQ(v.value, all.at(v.metric)) << v.metric;
}

/// Captions are queries with one recording, or a recording asks for its captions: hit rates are
/// R@k; where captions tie, the last comes first in both.
TEST(EvaluateCaptions, GiveTheValuesOfTheScoreboardInTheDirectionAskedFor) {
  RetrievalTask task{.scores = kCaptions + "similarity.h5", .truth = kCaptions + "captions.csv"};
  task.options.mteb = MtebKind::audio_to_text;
  const Evaluation a2t = evaluate(task);
  task.options.mteb = MtebKind::text_to_audio;
  const Evaluation t2a = evaluate(task);
  const auto all = testing::totals(a2t.values);
  const auto of_audio = testing::totals(a2t.mteb), of_text = testing::totals(t2a.mteb);
  for (const char* depth : {"1", "5", "10"}) {
    EXPECT_NEAR(100 * of_audio.at(std::string("hit_rate_at_") + depth),
                all.at(std::string("a2t.r") + depth), 1e-9);
  }
  EXPECT_NEAR(of_text.at("recall_at_1000"), 1, 1e-12);
  EXPECT_EQ(of_text.at("recall_at_5"), of_text.at("hit_rate_at_5"));
  EXPECT_NE(of_text.at("map_at_10"), of_audio.at("map_at_10"));
}

TEST(EvaluateCaptions, RankedMetricsAreThoseOfBothDirections) {
  RetrievalTask task{.scores = kCaptions + "similarity.h5",
                     .truth = kCaptions + "captions.csv",
                     .ranked_metrics = true};
  task.options.resamples = 30;
  const Evaluation found = evaluate(task);
  const auto all = testing::totals(found.values);
  for (const MtebKind kind : {MtebKind::audio_to_text, MtebKind::text_to_audio}) {
    task.options.mteb = kind;
    const std::string direction = kind == MtebKind::audio_to_text ? "a2t." : "t2a.";
    for (const MetricValue& v : evaluate(task).mteb) {
      EXPECT_EQ(all.at(direction + v.metric), v.value) << direction << v.metric;
    }
  }
  EXPECT_NEAR(100 * all.at("a2t.hit_rate_at_5"), all.at("a2t.r5"), 1e-9);
  EXPECT_TRUE(testing::has_interval(found, "t2a.ndcg_at_10"));
  EXPECT_NEAR(100 * all.at("a2t.hit_rate_at_5.ci_low"), all.at("a2t.r5.ci_low"), 1e-9);
  const auto known = metric_names(task);
  for (const MetricValue& v : found.values) {
    const bool is_interval = v.metric.find(".ci_") != std::string::npos;
    EXPECT_TRUE(is_interval || std::ranges::count(known, v.metric) == 1) << v.metric;
  }
}

TEST(EvaluateCaptions, EmbeddingsGiveTheSameAsTheirSimilarities) {
  RetrievalTask task{.embeddings = kCaptions + "embeddings.h5",
                     .truth = kCaptions + "captions.csv"};
  for (const MtebKind kind : {MtebKind::audio_to_text, MtebKind::text_to_audio}) {
    task.options.mteb = kind;
    RetrievalTask matrix{.scores = kCaptions + "similarity.h5", .truth = task.truth};
    matrix.options.mteb = kind;
    EXPECT_EQ(testing::totals(evaluate(task).mteb), testing::totals(evaluate(matrix).mteb));
  }
}

TEST(BadJudged, IsRefused) {
  testing::TempDir folder;
  const auto refusal = [&](RetrievalTask task, const std::string& qrels) {
    task.truth = (folder / "qrels.tsv").string();
    std::ofstream(task.truth) << "query\titem\trelevance\n" << qrels;
    std::string text = data_error([&] { evaluate(task); });
    return text.substr(text.rfind('/') + 1);
  };
  EXPECT_EQ(refusal(graded(), "q0\td1\t1\n"), "no error");
  EXPECT_EQ(refusal(graded(), "q0\td1\t1\nq99\td1\t1\n"),
            "qrels.tsv: query 'q99' is not among those scored, such as 'q0'");
  EXPECT_EQ(refusal(graded(), "q0\td1\tx\n"),
            "qrels.tsv: line 2: relevance 'x' is not a number from 0 on");
  EXPECT_EQ(refusal({.embeddings = kCaptions + "embeddings.h5"}, "q0\td1\t1\n"),
            "embeddings.h5: has no text_ids, which a table of queries and items needs");
  EXPECT_THAT(refusal({.scores = kCaptions + "similarity.h5"}, "q0\td1\t1\n"),
              ::testing::HasSubstr("query_ids"));
  RetrievalTask tolerant = graded();
  tolerant.options.tolerate_missing = true;
  EXPECT_EQ(refusal(tolerant, "q0\td1\t1\nq99\td1\t1\n"), "no error");
  EXPECT_EQ(evaluate([&] {
              tolerant.truth = (folder / "qrels.tsv").string();
              return tolerant;
            }())
                .missing,
            std::vector<std::string>{"q99"});
  for (RetrievalTask task : {graded(), graded()}) {
    static bool second = false;
    second ? void(task.uneven_captions = true) : void(task.ties = TieRule::optimistic);
    second = true;
    testing::message_of(Fault::usage, [&] { evaluate(task); });
  }
}

}  // namespace
}  // namespace claptools
