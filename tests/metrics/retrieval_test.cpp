#include "claptools/metrics/retrieval/retrieval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::data_error;
using ::testing::HasSubstr;
using Strings = std::vector<std::string>;

const std::map<std::string, TieRule> kRules{{"last_index_first", TieRule::last_index_first},
                                            {"first_index_first", TieRule::first_index_first},
                                            {"optimistic", TieRule::optimistic},
                                            {"pessimistic", TieRule::pessimistic}};

/// Five captions an audio, in order.
Relevance five_each(std::size_t audios) {
  Relevance relevance;
  for (std::size_t t = 0; t < 5 * audios; ++t) relevance.push_back(t / 5);
  return relevance;
}

void expect_equal(const RetrievalScores& scores, const json& expected) {
  const auto found = testing::totals(to_metrics(scores));
  EXPECT_EQ(found.size(), 16u);  // n_audio and n_captions as well
  for (const char* direction : {"t2a", "a2t"}) {
    EXPECT_EQ(expected[direction].size(), 7u);
    for (const auto& [name, value] : expected[direction].items()) {
      EXPECT_NEAR(found.at(direction + ("." + name)), value.get<double>(), testing::kTolerance)
          << direction << '.' << name;
    }
  }
}

TEST(Retrieval, TiesFollowTheRule) {
  const json data = testing::test_data("retrieval.json");
  const Matrix similarity = testing::to_matrix(data["similarity"]);
  const Matrix audio = testing::to_matrix(data["audio"]);
  const Matrix text = testing::to_matrix(data["text"]);
  const Relevance relevance = five_each(similarity.rows);
  for (const auto& [name, rule] : kRules) {
    SCOPED_TRACE(name);
    expect_equal(score_retrieval(similarity, relevance, rule), data["expected"][name]);
    expect_equal(score_retrieval(audio, text, relevance, rule), data["expected"][name]);
  }
  expect_equal(score_retrieval(similarity, relevance), data["expected"]["last_index_first"]);
}

TEST(Retrieval, OfficialFunctionsAgree) {
  const json data = testing::test_data("retrieval_unit.json");
  const Matrix audio = testing::to_matrix(data["audio"]);
  expect_equal(score_retrieval(audio, testing::to_matrix(data["text"]), five_each(audio.rows)),
               data["expected"]);
}

/// The order of the texts does not matter, nor does the number of captions have to be five.
TEST(Retrieval, FollowsTheRelevance) {
  Matrix similarity(2, 4);                     // audio 0 owns texts 1 and 3
  similarity.data = {0.1F, 0.9F,  0.2F, 0.3F,  //
                     0.8F, 0.95F, 0.7F, 0.1F};
  const auto scores = score_retrieval(similarity, {1, 0, 1, 0});
  EXPECT_EQ(scores.t2a.ranks, (std::vector<std::size_t>{0, 1, 0, 0}));
  EXPECT_EQ(scores.a2t.ranks, (std::vector<std::size_t>{0, 1}));
  EXPECT_DOUBLE_EQ(scores.a2t.map10, 100 * (1 + (1. / 2 + 2. / 3) / 2) / 2);
  EXPECT_DOUBLE_EQ(scores.t2a.r1, 75);
}

TEST(Retrieval, AudioCrossesBlocks) {  // 150 audios in blocks of 64: the same as the whole matrix
  const std::string folder = testing::golden_folder("ret/hard");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  const auto expected = testing::read_json(folder + "expected.json");
  EXPECT_EQ(expected["n_audio"], 150);
  const auto scores =
      score_retrieval(testing::read_matrix(folder + "embeddings.h5", "audio"),
                      testing::read_matrix(folder + "embeddings.h5", "text"), five_each(150));
  expect_equal(scores, expected["float64"]);
}

class RetrievalGolden : public ::testing::TestWithParam<const char*> {};

TEST_P(RetrievalGolden, Agrees) {
  const std::string folder = testing::golden_folder(std::string("ret/") + GetParam());
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  const Matrix audio = testing::read_matrix(folder + "embeddings.h5", "audio");
  const Matrix text = testing::read_matrix(folder + "embeddings.h5", "text");
  const Strings ids = testing::GoldenFile(folder + "embeddings.h5").strings("audio_ids");
  ClipMatcher audios(ids, {}, kScoredAudio);
  const auto relevance =
      match_captions(read_table_file(folder + "captions.csv"), "captions.csv", audios, text.rows)
          .audio_of_text;
  EXPECT_EQ(relevance, five_each(audio.rows));
  const json expected = testing::read_json(folder + "expected.json");
  if (!expected.contains("by_tie_rule")) {
    const auto scores = score_retrieval(audio, text, relevance);
    expect_equal(scores, expected["official"]);
    if (!expected.contains("ranks")) return;
    EXPECT_EQ(scores.t2a.ranks, expected["ranks"]["t2a"].get<std::vector<std::size_t>>());
    EXPECT_EQ(scores.a2t.ranks, expected["ranks"]["a2t"].get<std::vector<std::size_t>>());
    return;
  }
  const Matrix similarity = testing::read_matrix(folder + "similarity.h5", "scores");
  for (const auto& [name, rule] : kRules) {
    SCOPED_TRACE(name);
    expect_equal(score_retrieval(similarity, relevance, rule), expected["by_tie_rule"][name]);
    expect_equal(score_retrieval(audio, text, relevance, rule), expected["by_tie_rule"][name]);
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, RetrievalGolden,
                         ::testing::Values("hard", "one_audio", "plain", "ties"));

TEST(BadRetrieval, CaptionsAreNamed) {
  const Strings ids{"a0", "a1"};
  const auto match = [&](const std::string& rows, std::size_t texts) {
    const Table table = testing::parse_table("caption_index,audio_id\n" + rows);
    return data_error([&] {
      ClipMatcher audios(ids, {}, kScoredAudio);
      match_captions(table, "captions.csv", audios, texts);
    });
  };
  EXPECT_EQ(match("1,a0\n0,a1\n", 2), "no error");
  EXPECT_EQ(match("0,a9\n", 1), "captions.csv: audio 'a9' is not among those scored, such as 'a0'");
  EXPECT_EQ(match("0,a0\n0,a1\n", 2), "captions.csv: caption 0 occurs twice");
  EXPECT_EQ(match("0,a0\n2,a1\n", 2), "captions.csv: caption 2 has no text embedding");
  EXPECT_EQ(match("0,a0\nx,a1\n", 2), "captions.csv: caption x has no text embedding");
  EXPECT_EQ(match("1,a0\n", 2), "captions.csv: caption 0 is missing");
  EXPECT_EQ(match("0,a0\n1,a0\n2,a1\n", 3),
            "captions.csv: 1 captions of audio 'a1', but 2 of 'a0'");
}

TEST(Retrieval, RowOrderStandsInForAMissingIndex) {
  const Table table = testing::parse_table("audio_id,caption\na1,x\na0,y\n");
  const Strings ids{"a0", "a1"};
  ClipMatcher audios(ids, {}, kScoredAudio);
  EXPECT_EQ(match_captions(table, "captions.csv", audios, 2).audio_of_text, (Relevance{1, 0}));
}

TEST(BadRetrieval, EmbeddingsAreChecked) {
  Matrix audio(2, 2);
  audio.data = {1, 0, 0, 1};
  const Relevance relevance{0, 0, 1, 1};
  Matrix text(4, 2);
  text.data = {1, 0, 1, 0, 0, 1, 0, 1};
  const auto score = [&](const Matrix& a, const Matrix& t, const Relevance& r) {
    return data_error([&] { score_retrieval(a, t, r); });
  };
  EXPECT_EQ(score(audio, text, relevance), "no error");
  EXPECT_EQ(score(audio, text, {0, 0, 1}), "captions: 3 for 4 texts");
  EXPECT_EQ(score(audio, text, {0, 0, 0, 0}), "captions: none for audio 1");
  EXPECT_EQ(score(audio, text, {0, 0, 1, 2}), "captions: audio 2 does not exist");
  EXPECT_EQ(score(audio, Matrix(4, 3), relevance), "text embeddings: width 3, the audio's is 2");
  EXPECT_EQ(score(Matrix(0, 2), Matrix(0, 2), {}), "audio embeddings: no audio");
  text.row(2)[1] = 0;
  EXPECT_EQ(score(audio, text, relevance), "text embeddings: row 2 is zero");
  audio.row(1)[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(score(audio, text, relevance), "audio embeddings: row 1 is not finite");
  EXPECT_EQ(data_error([&] { score_retrieval(audio, {0, 1}); }), "similarity: row 1 is not finite");
}

TEST(BadRetrievalGolden, IsRefused) {
  const std::string folder = testing::golden_folder("bad");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  std::size_t cases = 0;
  const json expected = testing::read_json(folder + "expected.json");
  for (const auto& c : expected["cases"]) {
    if (c["task"] != "retrieval") continue;
    const std::string at = folder + c["case"].get<std::string>() + "/";
    const std::string message = data_error([&] {
      const Matrix text = testing::read_matrix(at + "embeddings.h5", "text");
      const Strings ids = testing::GoldenFile(at + "embeddings.h5").strings("audio_ids");
      ClipMatcher audios(ids, {}, kScoredAudio);
      const auto relevance =
          match_captions(read_table_file(at + "captions.csv"), "captions.csv", audios, text.rows)
              .audio_of_text;
      score_retrieval(testing::read_matrix(at + "embeddings.h5", "audio"), text, relevance);
    });
    std::vector<::testing::Matcher<std::string>> names;
    for (const std::string name : c["message_names_one_of"]) names.push_back(HasSubstr(name));
    EXPECT_THAT(message, ::testing::AnyOfArray(names)) << at;
    ++cases;
  }
  EXPECT_EQ(cases, 5u);
}

}  // namespace
}  // namespace claptools
