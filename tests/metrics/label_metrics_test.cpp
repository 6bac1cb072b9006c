#include "claptools/metrics/mteb/label_metrics.hpp"

#include <gtest/gtest.h>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::data_error;

void expect_equal(const MetricValues& values, const json& expected) {
  const auto found = testing::totals(values);
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [name, value] : expected.items()) {
    ASSERT_TRUE(found.contains(name)) << name;
    EXPECT_NEAR(found.at(name), value.get<double>(), testing::kTolerance) << name;
  }
}

TEST(ZeroShotMetrics, AreThoseOfTheScoreboard) {
  const json cases = testing::test_data("mteb/labels.json").at("zero_shot");
  ASSERT_EQ(cases.size(), 5U);
  for (const json& c : cases) {
    const Matrix scores = testing::to_matrix(c["scores"]);
    expect_equal(zero_shot_metrics(scores, {c["labels"].get<std::vector<std::size_t>>(), {}}),
                 c["expected"]);
  }
}

TEST(MultilabelMetrics, AreThoseOfTheScoreboard) {
  const json cases = testing::test_data("mteb/labels.json").at("multilabel");
  ASSERT_EQ(cases.size(), 4U);
  for (const json& c : cases) {
    expect_equal(multilabel_metrics(testing::to_matrix(c["scores"]), c["tags"], 0.5),
                 c["expected"]);
  }
}

TEST(MultilabelMetrics, FollowTheThreshold) {
  Matrix scores(2, 2);
  scores.data = {0.25F, 0.75F, 0.75F, 0.25F};
  const TaggingTruth truth{{0, 1}, {0}};
  const auto at = [&](double threshold) {
    return testing::totals(multilabel_metrics(scores, truth, threshold)).at("accuracy");
  };
  EXPECT_EQ(at(0.2), 0.5);
  EXPECT_EQ(at(0.25), 0.5);  // the second clip: what is at the threshold is not above it
  EXPECT_EQ(at(0.8), 0);
}

TEST(BadLabelMetrics, AreRefused) {
  const Matrix scores(2, 2);
  EXPECT_EQ(data_error([&] {
              multilabel_metrics(scores, {{}, {}}, 0.5);
            }),
            "tags: no clip has one");
  EXPECT_EQ(data_error([&] { multilabel_metrics(Matrix(0, 2), {}, 0.5); }), "scores: no clip");
  EXPECT_EQ(data_error([&] { zero_shot_metrics(scores, {{0}, {}}); }), "labels: 1 for 2 clips");
}

}  // namespace
}  // namespace claptools
