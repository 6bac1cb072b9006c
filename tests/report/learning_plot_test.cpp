#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "claptools/report/plots.hpp"
#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The loss's panel is 640 x 260 pixels, 3 more on each side for the width of lines along its edge.

TEST(LearningPlot, DrawsEachUpdateUnderTheMean) {
  LearningPlot plot;
  plot.loss = {{0, 0}, {1, 3}, {2, 0}, {3, 3}, {4, 0}};
  const auto paths = expect_drawing(learning_plot(plot)).all("path");
  // 5 % above 3; the mean of three, of two at the ends.
  EXPECT_EQ(paths.at(0).attribute("d"), "M3 263L163 15.4L323 263L483 15.4L643 263");
  EXPECT_EQ(paths.at(1).attribute("d"), "M3 139.2L163 180.5L323 97.9L483 180.5L643 139.2");
}

TEST(LearningPlot, AFewHighLossesDoNotFlattenTheRest) {
  LearningPlot plot;
  for (int i = 0; i < 1000; ++i) {
    plot.loss.push_back({static_cast<double>(i), i < 3 ? 1e6 : 2 + 0.001 * i});
  }
  const Markup markup = expect_drawing(learning_plot(plot));
  EXPECT_THAT(markup.texts("text"), Contains("2.4"));
  EXPECT_THAT(markup.texts("text"), Not(Contains(HasSubstr("000000"))));
}

TEST(LearningPlot, AMillionUpdatesStaySmall) {
  LearningPlot plot;
  for (int i = 0; i < 1'000'000; ++i) {
    plot.loss.push_back({static_cast<double>(i), 1 + 0.5 * std::sin(i)});
    plot.learning_rate.push_back({static_cast<double>(i), 1e-4});
  }
  const std::string svg = learning_plot(plot);
  expect_drawing(svg);
  EXPECT_LT(svg.size(), 200'000u);
}

TEST(LearningPlot, GivesEachScaleItsPanel) {
  LearningPlot plot;
  plot.loss = {{1, 2}, {2, 1}};
  plot.learning_rate = {{1, 5e-5}, {2, 2.5e-5}};
  plot.validation = {{"r1", {{2, 0.25}}, {}}, {"rank", {{1, 7}, {2, 3}}, {}}, {"r5", {{2, 1}}, {}}};
  const Markup markup = expect_drawing(learning_plot(plot));
  const auto texts = markup.texts("text");
  EXPECT_EQ(std::count(texts.begin(), texts.end(), "validation"), 2);
  for (const char* legend : {"r1: 0.250", "r5: 1.000", "rank: 3.000", "learning rate / 1e-5"}) {
    EXPECT_THAT(texts, Contains(legend));
  }
  EXPECT_EQ(markup.all("circle").size(), 4u);
}

TEST(LearningPlot, SurvivesWhatHoldsNoDataAndHostileNames) {
  expect_drawing(learning_plot({}));
  LearningPlot plot;
  plot.loss = {{1, kNan}, {2, kInfinity}, {kNan, 1}};
  plot.learning_rate = {{1, kNan}, {2, 0}};
  for (const std::string& name : hostile_names()) {
    plot.validation.push_back({name, {{1, 0.5}, {2, kNan}}, {}});
    plot.validation.push_back({name, {{1, -kInfinity}}, {}});
  }
  const std::string svg = learning_plot(plot);
  expect_drawing(svg);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace claptools
