#include "claptools/report/difference_plot.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(DifferencePlot, DrawsADotAndItsInterval) {
  const Markup markup = expect_drawing(difference_plot(
      {"a.h5", "b.h5", {{"top1", 0.5, 0.6, 0.05, 0.15, 0.01}, {"map", 0.5, 0.4, -0.3, 0.1, 0.4}}}));
  const auto dots = markup.all("circle");
  ASSERT_EQ(dots.size(), 2U);
  EXPECT_TRUE(dots[0].has("class", "blue")) << "clear of 0";
  EXPECT_TRUE(dots[1].has("class", "muted")) << "its interval holds 0";
  EXPECT_GT(std::stod(dots[0].attribute("cx")), std::stod(dots[1].attribute("cx")));
  EXPECT_THAT(markup.texts("text"), Contains("+0.1000 [+0.0500, +0.1500]  p 0.010"));
  EXPECT_THAT(markup.texts("text"), Contains(HasSubstr("b.h5 minus a.h5")));
}

TEST(DifferencePlot, HasAnAxisForEachKindOfMetric) {
  const auto labels = [](const DifferencePlot& plot) {
    return expect_drawing(difference_plot(plot)).texts("text");
  };
  const DifferenceRow share{"map", 0.5, 0.6, {}, {}, {}}, percent{"r1", 40, 42, {}, {}, {}};
  EXPECT_THAT(labels({"a", "b", {share, percent}}), Contains(HasSubstr("other metrics")));
  EXPECT_THAT(labels({"a", "b", {share}}), Not(Contains(HasSubstr("other metrics"))));
  EXPECT_THAT(labels({"a", "b", {percent}}), Not(Contains(HasSubstr("from 0 to 1"))));
}

TEST(DifferencePlot, SurvivesNamesAndNumbers) {
  DifferencePlot plot{"<a>", "b&", {}};
  EXPECT_THAT(expect_drawing(difference_plot(plot)).texts("text"),
              Contains("no metric that both define"));
  for (const std::string& name : hostile_names()) plot.rows.push_back({name, 0, 0, {}, {}, {}});
  plot.rows.push_back({"nan", NAN, 1, {}, {}, {}});
  plot.rows.push_back({"inf", 1, 2, -HUGE_VAL, HUGE_VAL, 1});
  for (int i = 0; i < 100; ++i) plot.rows.push_back({"many", 0.1, 0.2, {}, {}, {}});
  const Markup markup = expect_drawing(difference_plot(plot));
  EXPECT_THAT(markup.texts("text"), Contains(HasSubstr(" more")));
  EXPECT_THAT(markup.texts("text"), Not(Contains("nan")));
}

}  // namespace
}  // namespace claptools
