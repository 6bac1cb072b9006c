#include "claptools/report/path.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/report/svg.hpp"

namespace claptools {
namespace {

bool is_finite(const PlotPoint& p) { return std::isfinite(p.x) && std::isfinite(p.y); }

double column(const PlotPoint& p) { return std::floor(2 * p.x); }

/// Appends what must stay of points that share a column.
void append_extremes(std::vector<PlotPoint>& out, std::span<const PlotPoint> group) {
  const auto [low, high] = std::minmax_element(
      group.begin(), group.end(), [](const auto& a, const auto& b) { return a.y < b.y; });
  for (const PlotPoint& p :
       {group.front(), *std::min(low, high), *std::max(low, high), group.back()}) {
    if (out.empty() || !(out.back() == p)) out.push_back(p);
  }
}

}  // namespace

std::vector<PlotPoint> thin_points(std::span<const PlotPoint> points) {
  std::vector<PlotPoint> finite;
  std::copy_if(points.begin(), points.end(), std::back_inserter(finite), is_finite);
  std::vector<PlotPoint> out;
  for (std::size_t first = 0; first < finite.size();) {
    std::size_t end = first + 1;
    while (end < finite.size() && column(finite[end]) == column(finite[first])) ++end;
    append_extremes(out, std::span(finite).subspan(first, end - first));
    first = end;
  }
  return out;
}

std::string path_data(std::span<const PlotPoint> points, Join join) {
  std::string out;
  for (const PlotPoint& p : points) {
    const std::string x = decimal(p.x, 1);
    const std::string y = decimal(p.y, 1);
    if (out.empty()) {
      out = "M" + x + " " + y;
    } else if (join == Join::straight) {
      out += "L" + x + " " + y;
    } else {
      out += join == Join::step_after ? "H" + x + "V" + y : "V" + y + "H" + x;
    }
  }
  return out;
}

}  // namespace claptools
