#include "claptools/report/plot.hpp"

#include <algorithm>
#include <array>

#include "claptools/report/fit_text.hpp"

namespace claptools {
namespace {

constexpr Box kArea{kYAxisWidth, kTitleHeight + 4, 548, 396};
constexpr double kLegendRow = 20;
constexpr double kSwatch = 30;
/// Curves are cut at their area, but a line along its edge keeps its full width.
constexpr double kBleed = 3;

void set_line(SvgWriter& svg, const LineStyle& style) {
  svg.stroke(style.paint, style.width);
  if (style.opacity < 1) svg.attribute("stroke-opacity", style.opacity);
  if (!style.dash.empty()) svg.attribute("stroke-dasharray", style.dash);
}

void draw_area(SvgWriter& svg, const std::vector<PlotPoint>& points, Join join, double bottom) {
  svg.open("path").attribute("d", path_data(points, join) + "V" + decimal(bottom, 1) + "H" +
                                      decimal(points.front().x, 1) + "Z");
  svg.fill(kSky).attribute("fill-opacity", 0.22).close();
}

}  // namespace

LineStyle line_style(std::size_t i) {
  constexpr std::array kPaints{kBlue, kVermilion, kGreen, kPurple, kOrange, kSky};
  constexpr std::array<std::string_view, 4> kDashes{"", "7 3", "2 3", "9 3 2 3"};
  return {.paint = kPaints[i % kPaints.size()],
          .dash = kDashes[i / kPaints.size() % kDashes.size()]};
}

Plot::Plot(std::string title, std::string subtitle, const Axis& x, const Axis& y)
    : title_(std::move(title)), subtitle_(std::move(subtitle)), x_(x.sane()), y_(y.sane()) {}

std::string Plot::svg() const {
  const double legend = legend_width();
  const double width = kArea.right() + 20 + legend;
  SvgWriter svg(width, kArea.bottom() + kXAxisHeight, title_, subtitle_);
  draw_title(svg, width, title_, subtitle_);
  draw_x_axis(svg, kArea, x_, round_ticks(x_.low, x_.high));
  draw_y_axis(svg, kArea, y_);
  svg.open("svg").attribute("x", kArea.x - kBleed).attribute("y", kArea.y - kBleed);
  svg.attribute("width", kArea.width + 2 * kBleed).attribute("height", kArea.height + 2 * kBleed);
  for (const PlotLine& line : lines_) draw_curve(svg, line);
  svg.close();
  draw_legend(svg, legend);
  return svg.finish();
}

void Plot::draw_curve(SvgWriter& svg, const PlotLine& line) const {
  std::vector<PlotPoint> points;
  points.reserve(line.points.size());
  for (const PlotPoint& p : line.points) {
    points.push_back(
        {kBleed + x_.share(p.x) * kArea.width, kBleed + (1 - y_.share(p.y)) * kArea.height});
  }
  points = thin_points(points);
  if (points.empty()) return;
  if (line.filled) draw_area(svg, points, line.join, kBleed + kArea.height);
  svg.open("path").attribute("d", path_data(points, line.join));
  set_line(svg, line.style);
  svg.tooltip(line.name).close();
}

double Plot::legend_width() const {
  double width = 0;
  for (const PlotLine& line : lines_) width = std::max(width, text_width(line.legend, 12));
  return width == 0 ? 0 : kSwatch + std::min(width, 190.0) + 24;
}

void Plot::draw_legend(SvgWriter& svg, double width) const {
  const double x = kArea.right() + 20;
  const auto shown = static_cast<std::size_t>(kArea.height / kLegendRow);
  std::size_t row = 0;
  for (const PlotLine& line : lines_) {
    if (line.legend.empty() || row++ >= shown) continue;
    const double y = kArea.y + kLegendRow * (static_cast<double>(row) - 0.5);
    svg.open("path").attribute("d",
                               "M" + decimal(x) + " " + decimal(y) + "h" + decimal(kSwatch - 6));
    LineStyle swatch = line.style;
    swatch.opacity = std::max(swatch.opacity, 0.6);
    set_line(svg, swatch);
    svg.close();
    draw_name(svg, x + kSwatch, y + 4, line.legend, width - kSwatch - 16);
  }
  if (row > shown) {
    draw_text(svg, x, kArea.bottom() + 14, "and " + std::to_string(row - shown) + " more",
              {.paint = kMuted});
  }
}

}  // namespace claptools
