#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "claptools/report/axis.hpp"
#include "claptools/report/path.hpp"
#include "claptools/report/svg.hpp"

namespace claptools {

/// How a line is told from the others.
struct LineStyle {
  Paint paint = kInk;
  std::string_view dash = {};  ///< as SVG's stroke-dasharray; empty = solid
  double width = 1.6;
  double opacity = 1;
};

/// The style of the i-th of several lines: six colours, then the same ones dashed in three ways.
LineStyle line_style(std::size_t i);

struct PlotLine {
  std::string name;               ///< its tooltip
  std::vector<PlotPoint> points;  ///< in the axes' units; those not finite are left out
  Join join = Join::straight;
  LineStyle style;
  bool filled = false;  ///< pale down to the axis
  std::string legend;   ///< its line in the legend; empty = not there
};

/// Curves over two axes, the legend at their right, where it hides nothing.
class Plot {
 public:
  Plot(std::string title, std::string subtitle, const Axis& x, const Axis& y);

  void add(PlotLine line) { lines_.push_back(std::move(line)); }

  /// The plot, 640 pixels wide and wider by its legend.
  std::string svg() const;

 private:
  void draw_curve(SvgWriter& svg, const PlotLine& line) const;
  void draw_legend(SvgWriter& svg, double width) const;
  double legend_width() const;

  std::string title_;
  std::string subtitle_;
  Axis x_;
  Axis y_;
  std::vector<PlotLine> lines_;
};

}  // namespace claptools
