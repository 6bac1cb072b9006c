#include "claptools/report/plot.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <set>

#include "report/hostile_names.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::string> texts(const std::vector<Tick>& ticks) {
  std::vector<std::string> out;
  for (const Tick& tick : ticks) out.push_back(tick.text);
  return out;
}

TEST(RoundTicks, AreRoundAndNoMoreThanAreWanted) {
  EXPECT_THAT(texts(round_ticks(0, 1)), ElementsAre("0", "0.2", "0.4", "0.6", "0.8", "1"));
  EXPECT_THAT(texts(round_ticks(0, 100)), ElementsAre("0", "20", "40", "60", "80", "100"));
  EXPECT_THAT(texts(round_ticks(-1.5, 1.4, 3)), ElementsAre("-1", "0", "1"));
  EXPECT_THAT(texts(round_ticks(0, 0.003, 3)), ElementsAre("0", "0.001", "0.002", "0.003"));
  EXPECT_THAT(texts(round_ticks(0, 4e6, 4)), ElementsAre("0", "1e6", "2e6", "3e6", "4e6"));
  for (double high = 1e-12; high < 1e15; high *= 1.7) {
    const auto ticks = round_ticks(0, high);
    EXPECT_GE(ticks.size(), 3u) << high;
    EXPECT_LE(ticks.size(), 8u) << high;
    const std::vector<std::string> all = texts(ticks);
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size()) << high;
  }
}

TEST(TimeTicks, CountLikeAClock) {
  EXPECT_THAT(texts(time_ticks(10, 5)), ElementsAre("0", "2", "4", "6", "8", "10"));
  EXPECT_THAT(texts(time_ticks(95, 7)),
              ElementsAre("0:00", "0:15", "0:30", "0:45", "1:00", "1:15", "1:30"));
  EXPECT_THAT(texts(time_ticks(7500, 3)), ElementsAre("0:00:00", "1:00:00", "2:00:00"));
  EXPECT_THAT(texts(time_ticks(120, 180, 600, 4)),
              ElementsAre("2:00", "2:15", "2:30", "2:45", "3:00"));
  EXPECT_THAT(texts(time_ticks(120, 180, 4000, 2)), ElementsAre("0:02:00", "0:02:30", "0:03:00"));
  EXPECT_EQ(time_axis_label(59), "time (s)");
  EXPECT_EQ(time_axis_label(3599), "time (m:ss)");
  EXPECT_EQ(time_axis_label(3600), "time (h:mm:ss)");
  EXPECT_LE(time_ticks(1e300).size(), 12u);
}

TEST(Axis, IsMadeSane) {
  for (const Axis& axis :
       {Axis{"", 0, 0}, Axis{"", 5, 1}, Axis{"", kNan, kNan}, Axis{"", 0, kInfinity},
        Axis{"", -kInfinity, 3}, Axis{"", 1e300, 1e300}, Axis{"", 1, 1 + 1e-15}}) {
    const Axis sane = axis.sane();
    EXPECT_TRUE(std::isfinite(sane.low) && std::isfinite(sane.high));
    EXPECT_LT(sane.low, sane.high);
    EXPECT_LE(round_ticks(sane.low, sane.high).size(), 12u);
  }
}

TEST(ThinPoints, KeepsWhatCanBeSeen) {
  std::vector<PlotPoint> points;
  for (int i = 0; i < 1'000'000; ++i) points.push_back({i * 600e-6, i == 500'000 ? 9.0 : i % 2});
  points.push_back({kNan, 1});
  points.push_back({601, kInfinity});
  const auto thin = thin_points(points);
  EXPECT_LE(thin.size(), 4 * 1201u);
  EXPECT_EQ(thin.front(), points.front());
  EXPECT_EQ(thin.back(), points[999'999]);
  EXPECT_THAT(thin, Contains(points[500'000]));
  EXPECT_TRUE(thin_points({}).empty());
}

TEST(PathData, JoinsPointsInThreeWays) {
  const std::vector<PlotPoint> points{{0, 10}, {5.04, 2}, {9, 3}};
  EXPECT_EQ(path_data(points, Join::straight), "M0 10L5 2L9 3");
  EXPECT_EQ(path_data(points, Join::step_after), "M0 10H5V2H9V3");
  EXPECT_EQ(path_data(points, Join::step_before), "M0 10V2H5V3H9");
  EXPECT_EQ(path_data({}, Join::straight), "");
}

TEST(LineStyle, TellsTwentyFourLinesApart) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (std::size_t i = 0; i < 24; ++i) seen.emplace(line_style(i).paint.colour, line_style(i).dash);
  EXPECT_EQ(seen.size(), 24u);
}

TEST(Plot, DrawsALineFromCornerToCorner) {
  Plot plot("title", "below", {"epoch", 10, 20}, {"loss", 0, 2});
  plot.add({.name = "run",
            .points = {{10, 0}, {kNan, 1}, {20, 2}},
            .join = Join::straight,
            .style = {},
            .filled = false,
            .legend = "the run"});
  const Markup markup = expect_drawing(plot.svg());
  const MarkupElement area = markup.all("svg").at(1);
  const double width = std::stod(area.attribute("width")) - 3;
  const double height = std::stod(area.attribute("height")) - 3;
  EXPECT_EQ(markup.all("path").at(0).attribute("d"),
            "M3 " + decimal(height) + "L" + decimal(width) + " 3");
  for (const char* text : {"title", "below", "epoch", "loss", "the run", "12", "0.5"}) {
    EXPECT_THAT(markup.texts("text"), Contains(text));
  }
}

TEST(Plot, ListsInTheLegendOnlyWhatFits) {
  Plot plot("", "", {"x"}, {"y"});
  for (int i = 0; i < 30; ++i)
    plot.add({"", {}, Join::straight, {}, false, "line " + std::to_string(i)});
  const Markup markup = expect_drawing(plot.svg());
  EXPECT_THAT(markup.texts("text"), Contains("line 18"));
  EXPECT_THAT(markup.texts("text"), Not(Contains("line 19")));
  EXPECT_THAT(markup.texts("text"), Contains("and 11 more"));
}

TEST(Plot, KeepsTheLegendRightOfTheArea) {
  for (const std::string& name : hostile_names()) {
    Plot plot(name, name, {name}, {name});
    plot.add({name, {{0, 0}, {1, 1}}, Join::straight, {}, true, name + "x"});
    const Markup markup = expect_drawing(plot.svg());
    const MarkupElement area = markup.all("svg").at(1);
    const double right = std::stod(area.attribute("x")) + std::stod(area.attribute("width"));
    EXPECT_GT(std::stod(markup.all("text").back().attribute("x")), right);
  }
}

TEST(Plot, GivesTheSameBytesTwice) {
  Plot plot("t", "s", {"x"}, {"y"});
  plot.add({"a", {{0, 0.3}, {1, 0.7}}, Join::step_after, line_style(1), true, "a"});
  EXPECT_EQ(plot.svg(), plot.svg());
}

}  // namespace
}  // namespace claptools
