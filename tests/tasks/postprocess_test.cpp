#include "claptools/tasks/postprocess.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using Floats = std::vector<float>;

const json& post() {
  static const json data =
      json::parse(std::ifstream(std::string(CLAPTOOLS_TEST_DATA) + "/tasks/post.json"));
  return data;
}

std::vector<FrameRun> runs_of(const json& pairs) {
  std::vector<FrameRun> runs;
  for (const auto& pair : pairs) runs.push_back({pair[0], pair[1]});
  return runs;
}

Floats binary(const std::string& digits) {
  Floats values;
  for (const char c : digits) values.push_back(c == '1' ? 1.F : 0.F);
  return values;
}

std::string drawn(const std::vector<FrameRun>& runs, std::size_t length) {
  std::string digits(length, '0');
  for (const FrameRun& run : runs) {
    for (std::size_t t = run.onset; t < run.offset; ++t) digits[t] = '1';
  }
  return digits;
}

TEST(MedianFilter, EqualsScipy) {
  std::size_t columns = 0;
  for (const auto& c : post()["median_filter"]) {
    if (c.contains("layout")) {
      Matrix scores(c["input"].size(), c["input"][0].size());
      for (std::size_t t = 0; t < scores.rows; ++t) {
        for (std::size_t k = 0; k < scores.cols; ++k) scores.row(t)[k] = c["input"][t][k];
      }
      const Matrix filtered = median_filter(scores, c["window"].get<std::size_t>());
      for (std::size_t t = 0; t < scores.rows; ++t) {
        for (std::size_t k = 0; k < scores.cols; ++k) {
          EXPECT_EQ(filtered.row(t)[k], c["output"][t][k].get<float>());
        }
      }
      ++columns;
    } else {
      EXPECT_EQ(median_filter(c["input"].get<Floats>(), c["window"].get<std::size_t>()),
                c["output"].get<Floats>())
          << c.dump();
    }
  }
  EXPECT_EQ(columns, 1u);
  EXPECT_THROW(median_filter(Floats{1}, 0), Error);
  EXPECT_TRUE(median_filter(Floats{}, 3).empty());
}

TEST(Grounding, ComparesInFloat32) {
  for (const auto& c : post()["binarize_float32"]) {
    const auto scores = c["scores"].get<Floats>();
    std::string expected;
    for (const double bit : c["output"]) expected += bit > 0 ? '1' : '0';
    EXPECT_EQ(drawn(grounding_events(scores, c["threshold"], 1, 0), scores.size()), expected);
  }
}

TEST(Grounding, EqualsTheOfficialSteps) {
  for (const auto& c : post()["grounding_events"]) {
    EXPECT_EQ(grounding_events(c["scores"].get<Floats>(), c["threshold"]), runs_of(c["frames"]));
  }
}

TEST(JoinRuns, EqualsTheOfficialConnectClusters) {
  for (const auto& c : post()["connect_clusters"]) {
    const std::string input = c["input"];
    const auto runs = runs_above(binary(input), 0.5);
    EXPECT_EQ(runs, runs_of(c["regions"]));
    for (const std::size_t gap : {0, 1, 2, 3, 5}) {
      const std::string expected = c["connect_" + std::to_string(gap)];
      EXPECT_EQ(drawn(join_runs(runs, gap), input.size()), expected);
    }
  }
}

/// The steps of the official MGA-CLAP zero-shot SED script, which filters over three frames.
TEST(RunsAbove, OfFilteredScoresEqualSedScoresEval) {
  const json& c = post()["sed_events"];
  std::vector<json> found;
  for (std::size_t k = 0; k < 2; ++k) {
    Floats scores;
    for (const auto& row : c["scores"]) scores.push_back(row[k]);
    for (const FrameRun& run : runs_above(median_filter(scores, 3), c["threshold"])) {
      found.push_back({static_cast<double>(run.onset) * 10 / 32,
                       static_cast<double>(run.offset) * 10 / 32, k == 0 ? "a" : "b"});
    }
  }
  std::vector<json> expected = c["events"];
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found, expected);
}

TEST(RunsAbove, WidensTheScore) {
  EXPECT_EQ(runs_above(Floats{0.2F, 0.1F}, 0.2), (std::vector<FrameRun>{{0, 1}}));
  EXPECT_TRUE(runs_above(Floats{0.5F}, 0.5).empty());
}

TEST(Sigmoid, IsRoundedOnce) {
  const Floats y = sigmoid(Floats{0, 1, -1, 100, -100});
  EXPECT_EQ(y, (Floats{0.5F, 0.731058579F, 0.268941421F, 1.F, 3.7835e-44F}));
}

}  // namespace
}  // namespace claptools
