#include "claptools/metrics/retrieval/moments.hpp"

#include <gtest/gtest.h>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using testing::data_error;
using Totals = std::map<std::string, double>;

Totals scored(const std::vector<MomentQuery>& queries) {
  return testing::totals(to_metrics(score_moments(queries)));
}

TEST(Moments, OfAQueryByHand) {
  const MomentQuery query{{{10, 20}, {40, 50}}, {{10, 16, 0.1}, {41, 50, 0.9}, {0, 5, 0.5}}};
  const Totals found = scored({query});
  EXPECT_EQ(found.at("r1@0.5"), 100);  // IoU 0.6 of the first line, not of the highest score
  EXPECT_EQ(found.at("r1@0.7"), 0);
  EXPECT_DOUBLE_EQ(found.at("map@0.5"), 100 * (1 + 2. / 3) / 2);
  EXPECT_DOUBLE_EQ(found.at("map@0.75"), 50);  // IoU 0.9 alone
  // Thresholds 0.5, 0.55 and 0.6 have both, those up to 0.9 the one.
  EXPECT_NEAR(found.at("map"), 100 * (3 * (5. / 6) + 6 * 0.5) / 10, 1e-9);
  EXPECT_EQ(found.at("n_predictions"), 3);
}

TEST(Moments, AnIouAtTheThresholdIsEnough) {
  const Totals found = scored({{{{0, 10}}, {{0, 5, 1}}}});
  EXPECT_EQ(found.at("r1@0.5"), 100);
  EXPECT_EQ(found.at("map@0.5"), 100);
}

TEST(Moments, OnlyTenPredictionsCountAndEachMomentIsTakenOnce) {
  MomentQuery query{{{0, 10}}, {}};
  for (int i = 0; i < 10; ++i) query.predicted.push_back({20, 30, 0.5});
  query.predicted.push_back({0, 10, 1});
  EXPECT_EQ(scored({query}).at("map"), 0);
  query.predicted.assign(3, {0, 10, 1});
  EXPECT_EQ(scored({query}).at("map"), 100);  // duplicates come after the recall is complete
  query.relevant.push_back({50, 60});
  EXPECT_EQ(scored({query}).at("map"), 50);
}

TEST(Moments, PredictionsOfAnyKindHaveAnIou) {
  const MomentQuery strange{{{0, 10}}, {{5, 5, 1}, {9, 2, 1}, {-3, -1, 1}}};
  EXPECT_EQ(scored({strange}).at("map"), 0);
  EXPECT_EQ(scored({{{{0, 10}}, {}}}).at("r1@0.5"), 0);
}

TEST(BadMoments, AreRefused) {
  EXPECT_EQ(data_error([] { score_moments({}); }), "moments: no query");
  const std::vector<MomentQuery> queries{{{{0, 1}}, {}}, {}};
  EXPECT_EQ(data_error([&] { score_moments(queries); }), "moments: none of query 1 is relevant");
}

}  // namespace
}  // namespace claptools
