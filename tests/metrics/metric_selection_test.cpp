#include "claptools/metrics/metric_selection.hpp"

#include <gtest/gtest.h>

namespace claptools {
namespace {

TEST(MetricSelection, NothingMeansAll) {
  EXPECT_TRUE(MetricSelection().has("top1"));
  EXPECT_TRUE(MetricSelection().needs("top1"));
}

TEST(MetricSelection, PartsGoWithTheWhole) {
  const MetricSelection selection({"psds1", "t2a", "event_f1_best.p"});
  EXPECT_TRUE(selection.has("psds1"));
  EXPECT_TRUE(selection.has("psds1.max_efpr"));
  EXPECT_TRUE(selection.has("t2a.r1"));
  EXPECT_FALSE(selection.has("psds10"));
  EXPECT_FALSE(selection.has("psds"));
  EXPECT_FALSE(selection.has("event_f1_best"));
  EXPECT_TRUE(selection.needs("event_f1_best"));
  EXPECT_FALSE(selection.needs("event_f1_best_decimals6"));
}

}  // namespace
}  // namespace claptools
