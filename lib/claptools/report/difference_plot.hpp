#pragma once

#include <optional>
#include <string>
#include <vector>

namespace claptools {

/// A metric of two systems.
struct DifferenceRow {
  std::string name;
  double a = 0, b = 0;
  std::optional<double> low, high;  ///< interval of b - a
  std::optional<double> p;
};

struct DifferencePlot {
  std::string a, b;  ///< names of the systems
  std::vector<DifferenceRow> rows;
};

/// A self-contained SVG file: a dot per metric at b - a, a bar over its interval and a line at 0.
/// Metrics from 0 to 1 share an axis, the others another one. Names may hold anything; rows that
/// are not finite are left out.
std::string difference_plot(const DifferencePlot& plot);

}  // namespace claptools
