#include <algorithm>
#include <cmath>
#include <limits>

#include "claptools/report/axis.hpp"
#include "claptools/report/plot.hpp"
#include "claptools/report/plots.hpp"

namespace claptools {
namespace {

constexpr double kWidth = 640, kLegendWidth = 210, kGap = 26;
constexpr double kLossHeight = 260, kRateHeight = 110, kValidationHeight = 190;
/// Curves are cut at their area, but a line along its edge keeps its full width.
constexpr double kBleed = 3;
/// From so many on, marks would hide their line.
constexpr std::size_t kMaxMarks = 60;

struct Line {
  std::vector<PlotPoint> points;
  LineStyle style;
  std::string legend;
  bool marked = false;  ///< each point with a dot: a single one is no line
};

struct Panel {
  Axis y;
  double height = 0;
  std::vector<Line> lines;
};

std::vector<double> finite_values(std::span<const PlotPoint> points) {
  std::vector<double> values;
  for (const PlotPoint& p : points) {
    if (std::isfinite(p.y)) values.push_back(p.y);
  }
  return values;
}

/// From 0 if that costs less than half of the height.
Axis axis_between(std::string label, double low, double high) {
  const double margin = 0.05 * (high - low);
  return Axis{std::move(label), low >= 0 && low < high / 2 ? 0 : low - margin, high + margin}
      .sane();
}

/// Mean of the values around each point, fewer at the ends.
std::vector<PlotPoint> moving_mean(std::span<const PlotPoint> points, std::size_t window) {
  std::vector<double> sums{0}, counts{0};
  for (const PlotPoint& p : points) {
    const bool finite = std::isfinite(p.y);
    sums.push_back(sums.back() + (finite ? p.y : 0));
    counts.push_back(counts.back() + (finite ? 1 : 0));
  }
  std::vector<PlotPoint> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t first = i - std::min(i, window / 2);
    const std::size_t end = std::min(i + window / 2 + 1, points.size());
    out.push_back({points[i].x, (sums[end] - sums[first]) / (counts[end] - counts[first])});
  }
  return out;
}

/// A few values far above all others, as at the start, do not flatten the curve.
Axis loss_axis(std::span<const PlotPoint> loss) {
  std::vector<double> values = finite_values(loss);
  if (values.empty()) return Axis{"loss"};
  std::sort(values.begin(), values.end());
  return axis_between("loss", values.front(), values[(values.size() - 1) * 995 / 1000]);
}

Panel loss_panel(std::span<const PlotPoint> loss) {
  const std::size_t window = std::max<std::size_t>(3, loss.size() / 50) | 1;
  Panel panel{loss_axis(loss), kLossHeight, {}};
  panel.lines.push_back({{loss.begin(), loss.end()},
                         {.paint = kSky, .width = 1, .opacity = 0.6},
                         "each update",
                         false});
  panel.lines.push_back({moving_mean(loss, window),
                         {.paint = kBlue, .width = 2},
                         "mean of " + std::to_string(window),
                         false});
  return panel;
}

/// Rates are small: drawn in a power of ten.
Panel rate_panel(std::vector<PlotPoint> rate) {
  double highest = 0;
  for (const double value : finite_values(rate)) highest = std::max(highest, value);
  const double exponent = highest > 0 ? std::floor(std::log10(highest)) : 0;
  const double unit = std::pow(10, exponent);
  for (PlotPoint& p : rate) p.y /= unit;
  const std::string name =
      "learning rate" + (exponent == 0 ? std::string() : " / 1e" + decimal(exponent));
  Panel panel{Axis{"rate", 0, 1.1 * highest / unit}.sane(), kRateHeight, {}};
  panel.lines.push_back({std::move(rate), {.paint = kInk}, name, false});
  return panel;
}

void add_validation(Panel& panel, const Curve& curve) {
  const std::vector<double> values = finite_values(curve.points);
  const std::string last = values.empty() ? "" : ": " + result_text(values.back(), 3);
  panel.lines.push_back({curve.points, line_style(panel.lines.size()), curve.name + last,
                         curve.points.size() <= kMaxMarks});
}

std::vector<Panel> validation_panels(std::span<const Curve> curves) {
  Panel shares{{"validation", 0, 1}, kValidationHeight, {}};
  std::vector<Panel> others;
  for (const Curve& curve : curves) {
    const std::vector<double> values = finite_values(curve.points);
    if (values.empty()) continue;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (*low >= 0 && *high <= 1) {
      add_validation(shares, curve);
    } else {
      add_validation(others.emplace_back(
                         Panel{axis_between("validation", *low, *high), kValidationHeight, {}}),
                     curve);
    }
  }
  if (!shares.lines.empty()) others.insert(others.begin(), std::move(shares));
  return others;
}

void draw_marks(SvgWriter& svg, std::span<const PlotPoint> points, Paint paint) {
  for (const PlotPoint& p : points) {
    svg.open("circle").attribute("cx", p.x).attribute("cy", p.y).attribute("r", 2.5);
    svg.fill(paint).close();
  }
}

void draw_curve(SvgWriter& svg, const Box& area, const Axis& x, const Axis& y, const Line& line) {
  std::vector<PlotPoint> points;
  for (const PlotPoint& p : line.points) {
    points.push_back(
        {kBleed + x.share(p.x) * area.width, kBleed + (1 - y.share(p.y)) * area.height});
  }
  points = thin_points(points);
  if (points.empty()) return;
  svg.open("path").attribute("d", path_data(points, Join::straight));
  svg.stroke(line.style.paint, line.style.width).attribute("stroke-opacity", line.style.opacity);
  if (!line.style.dash.empty()) svg.attribute("stroke-dasharray", line.style.dash);
  svg.tooltip(line.legend).close();
  if (line.marked) draw_marks(svg, points, line.style.paint);
}

void draw_legend(SvgWriter& svg, const Box& area, std::span<const Line> lines) {
  double y = area.y + 10;
  for (const Line& line : lines) {
    if (y > area.bottom()) return;
    svg.open("path").attribute("d", "M" + decimal(area.right() + 16) + " " + decimal(y) + "h22");
    svg.stroke(line.style.paint, std::max(line.style.width, 1.6));
    if (!line.style.dash.empty()) svg.attribute("stroke-dasharray", line.style.dash);
    svg.close();
    draw_name(svg, area.right() + 46, y + 4, line.legend, kLegendWidth - 56);
    y += 20;
  }
}

void draw_panel(SvgWriter& svg, const Box& area, const Axis& x, const Panel& panel) {
  draw_y_axis(svg, area, panel.y);
  svg.open("svg").attribute("x", area.x - kBleed).attribute("y", area.y - kBleed);
  svg.attribute("width", area.width + 2 * kBleed).attribute("height", area.height + 2 * kBleed);
  for (const Line& line : panel.lines) draw_curve(svg, area, x, panel.y, line);
  svg.close();
  draw_legend(svg, area, panel.lines);
}

/// Vertical lines in every panel, their values under the last.
void draw_grid(SvgWriter& svg, const Box& area, const Axis& x, bool last) {
  const std::vector<Tick> ticks = round_ticks(x.low, x.high, 8);
  if (last) return draw_x_axis(svg, area, x, ticks);
  for (const Tick& tick : ticks) {
    const double at = area.x + x.share(tick.value) * area.width;
    draw_line(svg, at, area.y, at, area.bottom(), kGrid);
  }
  draw_line(svg, area.x, area.bottom(), area.right(), area.bottom(), kMuted);
}

}  // namespace

std::string learning_plot(const LearningPlot& plot) {
  std::vector<Panel> panels = validation_panels(plot.validation);
  panels.insert(panels.begin(), {loss_panel(plot.loss), rate_panel(plot.learning_rate)});
  const double first = plot.loss.empty() ? 0 : plot.loss.front().x;
  const double end = plot.loss.empty() ? 0 : plot.loss.back().x;
  const Axis x = Axis{"updates", std::min(first, 0.0), end}.sane();
  double height = kTitleHeight + kXAxisHeight;
  for (const Panel& panel : panels) height += panel.height + kGap;
  const double width = kYAxisWidth + kWidth + kLegendWidth;
  const std::string subtitle = std::to_string(plot.loss.size()) + " updates";
  SvgWriter svg(width, height, "Learning curve", subtitle);
  draw_title(svg, width, "Learning curve", subtitle);
  Box area{kYAxisWidth, kTitleHeight, kWidth, 0};
  for (const Panel& panel : panels) {
    area.height = panel.height;
    draw_grid(svg, area, x, &panel == &panels.back());
    draw_panel(svg, area, x, panel);
    area.y += panel.height + kGap;
  }
  return svg.finish();
}

}  // namespace claptools
