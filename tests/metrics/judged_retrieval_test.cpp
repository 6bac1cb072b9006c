#include "claptools/metrics/retrieval/judged_retrieval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "claptools/metrics/bootstrap.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::data_error;
using Strings = std::vector<std::string>;
using Totals = std::map<std::string, double>;

constexpr std::size_t kDepths[] = {1, 3, 5, 10, 20, 100, 1000};

std::string at(const std::string& measure, std::size_t depth) {
  return measure + "_at_" + std::to_string(depth);
}

Totals scored(const Matrix& similarity, const Strings& query_ids, const Strings& item_ids,
              const Table& qrels) {
  ClipMatcher queries(query_ids, {}, kScoredQuery);
  ClipMatcher items(item_ids, {}, kScoredItem);
  const Judgements judgements = match_judgements(qrels, "qrels.tsv", queries, items);
  return testing::totals(to_metrics(score_judged(similarity, item_ids, judgements)));
}

TEST(JudgedRetrieval, AgreesWithTheLibraryOfTheScoreboardOnTiesGradesAndEmptyQueries) {
  const json cases = testing::test_data("ranked/small_cases.json");
  ASSERT_EQ(cases.size(), 20U);
  for (const json& c : cases) {
    std::string csv = "query,item,relevance\n";
    for (const auto& line : c["qrels"]) {
      csv += line[0].get<std::string>() + "," + line[1].get<std::string>() + "," +
             line[2].get<std::string>() + "\n";
    }
    const Totals found = scored(testing::to_matrix(c["similarity"]), c["query_ids"], c["item_ids"],
                                testing::parse_table(csv));
    EXPECT_EQ(found.size(), c["expected"].size());
    for (const auto& [name, value] : c["expected"].items()) {
      EXPECT_NEAR(found.at(name), value.get<double>(), testing::kTolerance) << name;
    }
  }
}

class JudgedGolden : public ::testing::TestWithParam<const char*> {};

TEST_P(JudgedGolden, Agrees) {
  const std::string folder =
      std::string(CLAPTOOLS_TEST_DATA) + "/metrics/ranked/" + GetParam() + "/";
  const testing::GoldenFile file(folder + "similarity.h5");
  const Totals found =
      scored(testing::read_matrix(folder + "similarity.h5", "scores"), file.strings("query_ids"),
             file.strings("item_ids"), read_table_file(folder + "qrels.tsv"));
  const json expected = testing::read_json(folder + "expected.json");
  constexpr double kRounding = 5.1e-6;  // mteb's, to 5 decimals
  for (const char* measure : {"ndcg", "map", "recall", "precision", "mrr", "hit_rate"}) {
    for (const std::size_t depth : kDepths) {
      EXPECT_NEAR(found.at(at(measure, depth)),
                  expected.at(measure).at(std::to_string(depth)).get<double>(),
                  std::string(measure) == "mrr" ? testing::kTolerance : kRounding)
          << at(measure, depth);
    }
  }
  for (const char* name : {"dcase_map10", "dcase_map16"}) {
    EXPECT_NEAR(found.at(name), expected.at(name).get<double>(), testing::kTolerance) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Committed, JudgedGolden,
                         ::testing::Values("few_items", "graded", "many_relevant", "one_relevant",
                                           "queries_without_relevant", "ties"));

/// Similarities with ties, and judgements, that another generator makes.
struct Drawn {
  Matrix similarity;
  Strings item_ids;
  Judgements judgements;
};

Drawn draw(std::uint64_t seed, std::size_t relevant) {
  Xoshiro256 random(seed);
  constexpr std::size_t kQueries = 130, kItems = 40;  // more than two blocks of queries
  Drawn drawn{Matrix(kQueries, kItems), {}, {}};
  for (float& s : drawn.similarity.data) s = static_cast<float>(random.below(12));
  for (std::size_t i = 0; i < kItems; ++i) drawn.item_ids.push_back("i" + std::to_string(i));
  for (std::size_t q = 0; q < kQueries; ++q) {
    drawn.judgements.queries.push_back(q);
    auto& of_query = drawn.judgements.relevant.emplace_back();
    for (std::size_t i = random.below(3); of_query.size() < relevant; i += 1 + random.below(3)) {
      of_query.push_back({i, 1.0 + static_cast<double>(random.below(3))});
    }
  }
  return drawn;
}

TEST(JudgedRetrievalProperties, HoldForEachQuery) {
  const Strings names = judged_query_metrics();
  for (const std::size_t relevant : {1, 2, 7, 12}) {
    const Drawn drawn = draw(relevant, relevant);
    const JudgedScores scores = score_judged(drawn.similarity, drawn.item_ids, drawn.judgements, 2);
    ASSERT_EQ(scores.values.rows, 130U);
    EXPECT_EQ(scores.ranks.size(), 130U);
    for (std::size_t q = 0; q < scores.values.rows; ++q) {
      Totals values;
      for (std::size_t v = 0; v < names.size(); ++v) {
        values[names[v]] = scores.values.row(q)[v];
        EXPECT_GE(values[names[v]], 0) << names[v];
        EXPECT_LE(values[names[v]], 1) << names[v];
      }
      for (const std::size_t k : kDepths) {
        const auto n = static_cast<double>(relevant);
        EXPECT_NEAR(values[at("recall", k)] * n,
                    values[at("precision", k)] * static_cast<double>(k), 1e-12);
        EXPECT_EQ(values[at("hit_rate", k)], scores.ranks[q] < k ? 1 : 0);
        EXPECT_EQ(values[at("mrr", k)],
                  scores.ranks[q] < k ? 1 / static_cast<double>(scores.ranks[q] + 1) : 0);
        if (relevant == 1) {
          EXPECT_EQ(values[at("map", k)], values[at("mrr", k)]);
        }
        EXPECT_LE(values[at("map", k)], values[at("recall", k)]);
      }
      EXPECT_EQ(values["recall_at_100"], 1);  // of 40 items
      EXPECT_EQ(values["map_at_100"], values["map_at_1000"]);
    }
  }
}

TEST(JudgedRetrievalProperties, RelevanceAsSimilarityIsTheBestOrder) {
  Drawn drawn = draw(5, 6);
  std::ranges::fill(drawn.similarity.data, 0.F);
  for (std::size_t q = 0; q < drawn.similarity.rows; ++q) {
    for (const RelevantItem& r : drawn.judgements.relevant[q]) {
      drawn.similarity.row(q)[r.item] = static_cast<float>(r.relevance);
    }
  }
  const Totals found =
      testing::totals(to_metrics(score_judged(drawn.similarity, drawn.item_ids, drawn.judgements)));
  for (const std::size_t k : kDepths) EXPECT_NEAR(found.at(at("ndcg", k)), 1, 1e-12) << k;
  EXPECT_EQ(found.at("map_at_1000"), 1);
  EXPECT_EQ(found.at("dcase_map10"), 1);
  EXPECT_NEAR(found.at("map_at_3"), 0.5, 1e-12);  // 3 of 6
}

TEST(JudgedRetrievalProperties, TheOrderOfItemsChangesOnlyWhatTiesByPosition) {
  const Drawn drawn = draw(9, 5);
  const std::size_t items = drawn.item_ids.size();
  Drawn turned = drawn;
  for (std::size_t i = 0; i < items; ++i) {
    turned.item_ids[items - 1 - i] = drawn.item_ids[i];
    for (std::size_t q = 0; q < drawn.similarity.rows; ++q) {
      turned.similarity.row(q)[items - 1 - i] = drawn.similarity.row(q)[i];
    }
  }
  for (auto& of_query : turned.judgements.relevant) {
    for (RelevantItem& r : of_query) r.item = items - 1 - r.item;
  }
  const auto values = [](const Drawn& d) {
    return testing::totals(to_metrics(score_judged(d.similarity, d.item_ids, d.judgements)));
  };
  Totals first = values(drawn), second = values(turned);
  EXPECT_NE(first["dcase_map10"], second["dcase_map10"]);
  for (const char* name : {"dcase_map10", "dcase_map16"}) first.erase(name), second.erase(name);
  EXPECT_EQ(first, second);
}

TEST(JudgedRetrieval, CosinesAreScoredInBlocksAsTheWholeMatrixIs) {
  const Drawn drawn = draw(3, 4);
  Xoshiro256 random(4);
  const auto embeddings = [&](std::size_t rows) {
    Matrix m(rows, 6);
    for (float& x : m.data) x = static_cast<float>(random.below(9)) - 3.5F;
    return m;
  };
  const Matrix queries = embeddings(drawn.similarity.rows), items = embeddings(40);
  Matrix cosines(queries.rows, items.rows);
  for (std::size_t q = 0; q < queries.rows; ++q) {
    for (std::size_t i = 0; i < items.rows; ++i) {
      double dot = 0, a = 0, b = 0;
      for (std::size_t d = 0; d < 6; ++d) {
        dot += double{queries.row(q)[d]} * items.row(i)[d];
        a += double{queries.row(q)[d]} * queries.row(q)[d];
        b += double{items.row(i)[d]} * items.row(i)[d];
      }
      cosines.row(q)[i] = static_cast<float>(dot / std::sqrt(a * b));
    }
  }
  const JudgedScores found = score_judged(queries, items, drawn.item_ids, drawn.judgements, 2);
  const JudgedScores expected = score_judged(cosines, drawn.item_ids, drawn.judgements);
  for (std::size_t v = 0; v < judged_query_metrics().size(); ++v) {
    double sum = 0;
    for (std::size_t q = 0; q < queries.rows; ++q) {
      sum += std::abs(found.values.row(q)[v] - expected.values.row(q)[v]);
    }
    EXPECT_LT(sum / static_cast<double>(queries.rows), 0.02);  // rounding breaks few ties
  }
}

TEST(JudgedRetrieval, ResamplesAreMeansOfTheQueriesDrawn) {
  const Drawn drawn = draw(2, 2);
  const JudgedScores scores = score_judged(drawn.similarity, drawn.item_ids, drawn.judgements);
  const auto found = testing::totals(mean_metrics(scores, std::vector<std::size_t>{3, 3, 7}));
  EXPECT_NEAR(found.at("ndcg_at_1"), (2 * scores.values.row(3)[0] + scores.values.row(7)[0]) / 3,
              1e-15);
  EXPECT_FALSE(found.contains("n_queries"));
}

TEST(BadJudgements, AreNamed) {
  const Strings query_ids{"q0", "q1"}, item_ids{"a.wav", "b.wav"};
  const auto match = [&](const std::string& csv) {
    return data_error([&] {
      ClipMatcher queries(query_ids, {}, kScoredQuery);
      ClipMatcher items(item_ids, {}, kScoredItem);
      match_judgements(testing::parse_table(csv), "qrels.tsv", queries, items);
    });
  };
  const std::string header = "query,item,relevance\n";
  EXPECT_EQ(match(header + "q0,a,1\nq0,b.wav,0\n"), "no error");
  EXPECT_EQ(match("query,item\nq1,b\n"), "no error");
  EXPECT_EQ(match(header + "q0,a,1\nq0,a.wav,2\n"),
            "qrels.tsv: line 3: item 'a.wav' is judged twice for query 'q0'");
  EXPECT_EQ(match(header + "q0,a,-1\n"),
            "qrels.tsv: line 2: relevance '-1' is not a number from 0 on");
  EXPECT_EQ(match(header + "q0,a,nan\n"),
            "qrels.tsv: line 2: relevance 'nan' is not a number from 0 on");
  EXPECT_EQ(match(header + "q0,a,\n"), "qrels.tsv: line 2: relevance '' is not a number from 0 on");
  EXPECT_EQ(match(header + "q2,a,1\n"),
            "qrels.tsv: query 'q2' is not among those scored, such as 'q0'");
  EXPECT_EQ(match(header + "q0,c,1\n"),
            "qrels.tsv: item 'c' is not among those scored, such as 'a.wav'");
  EXPECT_EQ(match(header), "qrels.tsv: judges no item that has scores");
}

TEST(BadJudgedRetrieval, IsRefused) {
  Drawn drawn = draw(1, 1);
  const auto score = [&](const Matrix& similarity) {
    return data_error([&] { score_judged(similarity, drawn.item_ids, drawn.judgements); });
  };
  EXPECT_EQ(score(Matrix(130, 39)), "items: 40 ids for 39 items");
  EXPECT_EQ(data_error([&] {
              score_judged(Matrix(130, 3), Matrix(40, 2), drawn.item_ids, drawn.judgements);
            }),
            "query embeddings: width 3, the items' is 2");
  drawn.similarity.row(70)[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(score(drawn.similarity), "similarity: row 70 is not finite");
}

}  // namespace
}  // namespace claptools
