#include "claptools/report/difference_plot.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/report/axis.hpp"
#include "claptools/report/fit_text.hpp"
#include "claptools/report/svg.hpp"

namespace claptools {
namespace {

constexpr double kRow = 24;
constexpr double kAreaWidth = 380;
constexpr double kNumbersWidth = 310;
constexpr double kLongestName = 260;
constexpr std::size_t kMaxRows = 60;  // of a panel

using Rows = std::vector<const DifferenceRow*>;

/// A metric of a share, whose difference fits one axis with others of that kind.
bool is_share(const DifferenceRow& row) {
  const auto within = [](double value) { return value >= 0 && value <= 1; };
  return within(row.a) && within(row.b);
}

Rows rows_of(const DifferencePlot& plot, bool shares) {
  Rows rows;
  for (const DifferenceRow& row : plot.rows)
    if (std::isfinite(row.b - row.a) && is_share(row) == shares) rows.push_back(&row);
  return rows;
}

/// Around 0 and all that is drawn.
Axis axis_of(const Rows& rows, const std::string& label) {
  double low = 0, high = 0;
  const auto include = [&](double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const DifferenceRow* row : rows) {
    include(row->b - row->a);
    include(row->low.value_or(0));
    include(row->high.value_or(0));
  }
  const double margin = std::max(0.06 * (high - low), 1e-9);
  return Axis{label, low - margin, high + margin}.sane();
}

std::string signed_text(double value) {
  return (value > 0 ? "+" : "") + result_text(value, std::abs(value) < 10 ? 4 : 2);
}

std::string describe(const DifferenceRow& row) {
  std::string text = signed_text(row.b - row.a);
  if (row.low && row.high)
    text += " [" + signed_text(*row.low) + ", " + signed_text(*row.high) + "]";
  if (row.p) text += "  p " + fixed_decimal(*row.p, 3);
  return text;
}

/// Blue where the interval is clear of 0 or there is none to doubt, else grey.
Paint paint_of(const DifferenceRow& row) {
  const bool is_clear = !row.low || !row.high || *row.low > 0 || *row.high < 0;
  return is_clear ? kBlue : kMuted;
}

void draw_row(SvgWriter& svg, const Box& area, const Axis& axis, double y,
              const DifferenceRow& row) {
  const auto x = [&](double value) {
    return area.x + std::clamp(axis.share(value), 0.0, 1.0) * area.width;
  };
  const Paint paint = paint_of(row);
  if (row.low && row.high) {
    draw_line(svg, x(*row.low), y, x(*row.high), y, paint, 2);
    for (const double end : {*row.low, *row.high})
      draw_line(svg, x(end), y - 4, x(end), y + 4, paint, 2);
  }
  svg.open("circle").attribute("cx", x(row.b - row.a)).attribute("cy", y).attribute("r", 4.5);
  svg.fill(paint).tooltip(row.name + ": " + describe(row)).close();
  draw_name(svg, area.x - kLongestName - 12, y + 4, row.name, kLongestName);
  draw_text(svg, area.right() + 16, y + 4, describe(row));
}

double panel_height(const Rows& rows) {
  return rows.empty()
             ? 0
             : kRow * static_cast<double>(std::min(rows.size(), kMaxRows)) + kXAxisHeight + 34;
}

/// Draws the metrics of one kind over their own axis. @return the height taken.
double draw_panel(SvgWriter& svg, double top, const Rows& rows, const std::string& label) {
  if (rows.empty()) return 0;
  const std::size_t shown = std::min(rows.size(), kMaxRows);
  const Box area{kLongestName + 28, top + 8, kAreaWidth, kRow * static_cast<double>(shown)};
  const Axis axis = axis_of(rows, label);
  draw_x_axis(svg, area, axis, round_ticks(axis.low, axis.high, 5));
  const double zero = area.x + axis.share(0) * area.width;
  draw_line(svg, zero, area.y, zero, area.bottom(), kInk, 1.2);
  for (std::size_t i = 0; i < shown; ++i)
    draw_row(svg, area, axis, area.y + kRow * (static_cast<double>(i) + 0.5), *rows[i]);
  if (shown < rows.size())
    draw_text(svg, 16, area.bottom() + 16, "and " + std::to_string(rows.size() - shown) + " more",
              {.paint = kMuted});
  return panel_height(rows);
}

}  // namespace

std::string difference_plot(const DifferencePlot& plot) {
  const Rows shares = rows_of(plot, true), others = rows_of(plot, false);
  const double width = kLongestName + 28 + kAreaWidth + kNumbersWidth;
  const double height = kTitleHeight + panel_height(shares) + panel_height(others);
  const bool has_intervals =
      std::ranges::any_of(plot.rows, [](const DifferenceRow& row) { return row.low && row.high; });
  const std::string title = fit_text(plot.b + " minus " + plot.a, width - 60, 16).text;
  std::string subtitle = "difference of each metric";
  if (has_intervals) subtitle += "; bars: 95 % of the paired resamples; grey: they include 0";
  if (plot.rows.empty()) subtitle = "no metric that both define";
  SvgWriter svg(width, height + 8, title, subtitle);
  draw_title(svg, width, title, subtitle);
  const double used = draw_panel(svg, kTitleHeight, shares, "difference, of metrics from 0 to 1");
  draw_panel(svg, kTitleHeight + used, others, "difference, of other metrics in their own units");
  return svg.finish();
}

}  // namespace claptools
