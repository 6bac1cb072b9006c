#pragma once

#include <span>
#include <string>
#include <vector>

namespace claptools {

struct PlotPoint {
  double x = 0;
  double y = 0;

  bool operator==(const PlotPoint&) const = default;
};

/// How a point is joined to the one before it.
enum class Join {
  straight,
  step_after,   ///< the value before holds up to the point
  step_before,  ///< the point's value holds back to the point before
};

/// The points, in pixels, that can be told apart in a drawing: finite ones, and of those that
/// follow one another within half a pixel's width the first, lowest, highest and last. A curve of a
/// million points becomes one of a few thousand that looks the same.
std::vector<PlotPoint> thin_points(std::span<const PlotPoint> points);

/// The commands of an SVG path through the points; empty without points.
std::string path_data(std::span<const PlotPoint> points, Join join);

}  // namespace claptools
