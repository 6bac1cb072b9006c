#include "claptools/evaluate/metric_names.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/evaluate/clips.hpp"
#include "claptools/evaluate/detection.hpp"

namespace claptools {
namespace {

const std::vector<std::string> kKnown{"top1", "top5", "t2a.r1"};

std::string refusal(const std::string& name) {
  try {
    require_known(name, "metrics", kKnown);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    return error.what();
  }
  return "";
}

TEST(RequireKnown, TakesNamesPartsAndWhatHasParts) {
  EXPECT_EQ(refusal("top1"), "");
  EXPECT_EQ(refusal("top1.ci_low"), "");
  EXPECT_EQ(refusal("t2a"), "");
}

TEST(RequireKnown, NamesWhatThereIs) {
  EXPECT_EQ(refusal("recall"),
            "metrics: there is no metric 'recall'; there are top1, top5, t2a.r1");
}

TEST(RequireKnown, SuggestsWhatWasProbablyMeant) {
  EXPECT_EQ(refusal("t2a_r1"),
            "metrics: there is no metric 't2a_r1'; there are top1, top5, t2a.r1; did you mean "
            "'t2a.r1'?");
}

TEST(MetricNames, EndWithMissing) {
  EXPECT_EQ(metric_names(ClassificationTask{}).back(), "n_missing");
  EXPECT_EQ(metric_names(DetectionTask{.psds = {{"own", {}}}}).back(), "n_missing");
}

TEST(MetricNames, HaveThePsdsAskedFor) {
  const auto names = metric_names(EventListTask{.psds = {{"own", {}}}});
  EXPECT_EQ(names.at(names.size() - 2), "own");
  EXPECT_THROW(metric_names(EventListTask{.psds = {{"psds1", {}}}}), Error);
  EXPECT_THROW(metric_names(DetectionTask{.psds = {{"own", {}}, {"own", {}}}}), Error);
}

}  // namespace
}  // namespace claptools
