#include <gmock/gmock.h>

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

// The plot's area is 548 x 396 pixels, 3 more on each side for the width of lines along its edge.
constexpr char kCorner[] = "M3 399";

PsdRocPlot plot_of(std::size_t classes) {
  PsdRocPlot plot{.metric = "PSDS1",
                  .psds = 0.25,
                  .max_efpr = 100,
                  .alpha_st = 1,
                  .classes = {},
                  .mean = {{0, 0}, {50, 0.5}},
                  .effective = {{0, 0}, {50, 0.25}}};
  for (std::size_t c = 0; c < classes; ++c) {
    plot.classes.push_back({"class" + std::to_string(c), {{10, 0.5}}, 0.5});
  }
  return plot;
}

TEST(PsdRocPlot, ClimbsToTheBestWithinEachRate) {
  PsdRocPlot plot = plot_of(2);
  // Out of order; a worse one at a higher rate; one beyond the end.
  plot.classes[0].points = {{50, 0.75}, {25, 0.5}, {75, 0.25}, {120, 1}};
  const Markup markup = expect_drawing(psd_roc_plot(plot));
  EXPECT_EQ(markup.all("path").at(0).attribute("d"),
            std::string(kCorner) + "H140V201H277V102H551V102");
}

TEST(PsdRocPlot, NamesTwelveClassesAndNoMore) {
  const Markup twelve = expect_drawing(psd_roc_plot(plot_of(12)));
  EXPECT_THAT(twelve.texts("text"), Contains("class11: 0.500"));
  const Markup many = expect_drawing(psd_roc_plot(plot_of(456)));
  EXPECT_THAT(many.texts("text"), Contains("456 classes"));
  EXPECT_THAT(many.texts("text"), Not(Contains(HasSubstr("class11"))));
  EXPECT_THAT(many.texts("title"), Contains("class455"));  // the line's tooltip
  for (const Markup& markup : {twelve, many}) {
    EXPECT_THAT(markup.texts("text"), Contains("PSD-ROC: PSDS1 0.2500"));
    EXPECT_THAT(markup.texts("text"), Contains("mean"));
    EXPECT_THAT(markup.texts("text"), Contains("mean \xE2\x88\x92 std"));
  }
}

TEST(PsdRocPlot, DrawsTheMeanOverTheClassesUpToTheEnd) {
  const std::vector<MarkupElement> paths = expect_drawing(psd_roc_plot(plot_of(2))).all("path");
  EXPECT_EQ(paths.at(2).attribute("d"), std::string(kCorner) + "H277V201H551V201");
}

TEST(PsdRocPlot, SurvivesWhatHoldsNoData) {
  expect_drawing(psd_roc_plot({}));
  PsdRocPlot plot = plot_of(1);
  plot.classes[0].points = {};
  plot.max_efpr = kInfinity;
  expect_drawing(psd_roc_plot(plot));
  plot.classes[0].points = {{kNan, 1}, {1, kNan}, {-1, 0.5}, {kInfinity, 1}, {1, kInfinity}};
  plot.classes[0].value = kNan;
  plot.psds = plot.max_efpr = plot.alpha_st = kNan;
  EXPECT_THAT(expect_drawing(psd_roc_plot(plot)).texts("text"),
              Contains("PSD-ROC: PSDS1 \xE2\x80\x93"));
}

TEST(PrecisionRecallPlot, HoldsAPrecisionBackToTheRecallBefore) {
  PrecisionRecallPlot plot;
  plot.classes = {{"dog", {{0.5, 1}, {1, 0.5}}, 0.75}};
  plot.total = Curve{"macro", {{1, 0.25}}, 0.25};
  const Markup markup = expect_drawing(precision_recall_plot(plot));
  EXPECT_EQ(markup.all("path").at(0).attribute("d"), "M3 3V3H277V201H551");
  EXPECT_EQ(markup.all("path").at(1).attribute("d"), "M3 300V300H551");
  EXPECT_THAT(markup.texts("text"), Contains("dog: 0.750"));
  EXPECT_THAT(markup.texts("text"), Contains("macro: 0.250"));
}

TEST(PrecisionRecallPlot, SurvivesEmptyCurvesAndHostileNames) {
  expect_drawing(precision_recall_plot({}));
  PrecisionRecallPlot plot;
  for (const std::string& name : hostile_names()) plot.classes.push_back({name, {}, kNan});
  plot.total = Curve{hostile_names()[0], {{kNan, kNan}}, {}};
  const std::string svg = precision_recall_plot(plot);
  expect_drawing(svg);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace claptools
