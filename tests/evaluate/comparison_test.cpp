#include "claptools/evaluate/compare/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "claptools/evaluate/ci_reports.hpp"
#include "claptools/evaluate/clips.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "evaluate/evaluation_check.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const ComparedMetric& row_of(const std::vector<ComparedMetric>& rows, const std::string& metric) {
  const auto found = std::ranges::find(rows, metric, &ComparedMetric::metric);
  EXPECT_NE(found, rows.end()) << metric;
  return *found;
}

TEST(Compare, PutsMetricsSideBySide) {
  const auto rows = compare({{"top1", "", 0.5}, {"top1.ci_low", "", 0.4}, {"ap", "dog", 0.25}},
                            {{"ap", "dog", 0.75}, {"r1", "", 2}, {"top1", "", 0.75}});
  ASSERT_EQ(rows.size(), 3U) << "without bounds of intervals";
  EXPECT_EQ(rows[0].metric, "top1");
  EXPECT_EQ(rows[0].difference, 0.25);
  EXPECT_FALSE(rows[0].bootstrap);
  EXPECT_EQ(rows[1].class_name, "dog");
  EXPECT_EQ(rows[1].difference, 0.5);
  EXPECT_EQ(rows[2].metric, "r1");
  EXPECT_FALSE(rows[2].a);
  EXPECT_FALSE(rows[2].difference);
}

TEST(Compare, HasNoDifferenceOfWhatIsNotDefined) {
  const auto rows =
      compare({{"x", "", NAN}, {"y", "", HUGE_VAL}}, {{"x", "", 1}, {"y", "", HUGE_VAL}});
  EXPECT_FALSE(rows[0].difference);
  EXPECT_FALSE(rows[1].difference);
}

/// What the resamples say of x, which is `observed` higher in b.
PairedBootstrap tested(double observed, const std::vector<double>& differences) {
  const MetricSamples a{"x", "", std::vector<double>(differences.size())}, b{"x", "", differences};
  const auto rows =
      compare({{"x", "", 0}}, {{"x", "", observed}}, std::span(&a, 1), std::span(&b, 1));
  return rows[0].bootstrap.value();
}

TEST(Compare, CountsResamplesOfTheOtherSign) {
  EXPECT_EQ(tested(1, {1, 2, -1, 0}).p, 3.0 / 5);
  EXPECT_EQ(tested(-1, {1, 2, -1, 0}).p, 4.0 / 5);
  EXPECT_EQ(tested(0, {1, 2, -1, 0}).p, 1) << "two systems that are equal";
  EXPECT_EQ(tested(1, {1, NAN, 3, 2}).p, 1.0 / 4) << "those that define the metric";
  EXPECT_NEAR(tested(1, {0, 1, 2, 3}).low, 0.075, 1e-12);
}

TEST(Compare, WritesMarkdown) {
  auto rows = compare({{"a|b", "", 0.123456789}}, {{"a|b", "", 1}, {"n", "", 1234567}});
  rows[0].bootstrap = PairedBootstrap{0.5, 1, 0.01};
  const std::string text = markdown_comparison("x.h5", "y.h5", rows, "500 resamples");
  EXPECT_THAT(text,
              StartsWith("| metric | class | x.h5 | y.h5 | difference | 95 % interval | p |"));
  EXPECT_THAT(text, HasSubstr("| a\\|b |  | 0.123457 | 1 | 0.876543 | [0.5, 1] | 0.01* |\n"));
  EXPECT_THAT(text, HasSubstr("| n |  |  | 1234567 |  |  |  |\n"));
  EXPECT_THAT(text, HasSubstr("\n500 resamples\n"));
}

/// Two systems that classify clips; the golden is tests/data/evaluate/make_paired.py's.
class TwoSystems : public ::testing::Test {
 protected:
  /// @param right whether each clip is classified right. @param suffix of the clips' names.
  Evaluator system(const std::string& name, const std::vector<int>& right, bool backwards,
                   const std::string& suffix = ".wav") {
    ScoreHeader header;
    header.classes = {"dog", "cat"};
    const std::string path = folder_ / (name + ".h5");
    ScoreWriter writer(path, header, false);
    std::vector<std::size_t> order(right.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (backwards) std::ranges::reverse(order);
    for (const std::size_t i : order) {
      Matrix row(1, 2);
      row.data = right[i] ? std::vector<float>{1, 0} : std::vector<float>{0, 1};
      writer.append(clip(i) + suffix, row, std::vector<std::string>{});
    }
    writer.commit();
    return [this, path](const EvaluationOptions& options) {
      ++evaluations_;
      ClassificationTask task{.scores = path, .truth = folder_ / "labels.csv"};
      task.options = options;
      return evaluate(task);
    };
  }

  static std::string clip(std::size_t i) {
    return std::string("clip") + static_cast<char>('a' + i);
  }

  void SetUp() override {
    std::string labels = "id,label\n";
    for (std::size_t i = 0; i < 12; ++i) labels += clip(i) + ".wav,dog\n";
    testing::write_bytes(folder_ / "labels.csv", labels);
    options_.resamples = golden_["all"]["resamples"];
    options_.seed = golden_["all"]["seed"];
  }

  void expect_golden(const std::pair<Evaluation, Evaluation>& both, const json& expected) {
    const auto rows =
        compare(both.first.values, both.second.values, both.first.samples, both.second.samples);
    const ComparedMetric& top1 = row_of(rows, "top1");
    EXPECT_NEAR(top1.difference.value(), expected["difference"].get<double>(), 1e-12);
    EXPECT_NEAR(top1.bootstrap.value().low, expected["low"].get<double>(), 1e-12);
    EXPECT_NEAR(top1.bootstrap.value().high, expected["high"].get<double>(), 1e-12);
    EXPECT_NEAR(top1.bootstrap.value().p, expected["p"].get<double>(), 1e-12);
    EXPECT_FALSE(row_of(rows, "n_clips").bootstrap);
  }

  testing::TempDir folder_;
  json golden_ = testing::read_json(std::string(CLAPTOOLS_TEST_DATA) + "/evaluate/paired.json");
  std::vector<int> a_ = golden_["a"], b_ = golden_["b"];
  EvaluationOptions options_;
  int evaluations_ = 0;
};

TEST_F(TwoSystems, ShareTheirResamples) {
  const auto both = evaluate_pair(system("a", a_, false), system("b", b_, true), options_);
  expect_golden(both, golden_["all"]);
  EXPECT_EQ(evaluations_, 2) << "the order of rows does not matter";
  options_.threads = 3;
  expect_golden(evaluate_pair(system("c", a_, true), system("d", b_, true), options_),
                golden_["all"]);
}

TEST_F(TwoSystems, MayNameTheirClipsDifferently) {
  expect_golden(evaluate_pair(system("a", a_, false), system("b", b_, true, ""), options_),
                golden_["all"]);
}

TEST_F(TwoSystems, AreComparedOnWhatBothHaveScored) {
  options_.tolerate_missing = true;
  b_.resize(10);
  const auto both = evaluate_pair(system("a", a_, false), system("b", b_, true), options_);
  expect_golden(both, golden_["first_ten"]);
  EXPECT_TRUE(both.first.missing.empty());
  EXPECT_THAT(both.second.missing, ElementsAre("clipk.wav", "clipl.wav"));
  EXPECT_EQ(testing::totals(both.first.values).at("n_clips"), 10);
}

}  // namespace
}  // namespace claptools
