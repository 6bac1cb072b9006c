#pragma once

#include <string>
#include <utility>
#include <vector>

#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// A plot on a page.
struct ReportPlot {
  std::string caption;
  std::string svg;  ///< from the functions of plots.hpp or Plot: put into the page as it is
};

/// Keys and values that tell how a result came about: tool, model, files.
using ReportRows = std::vector<std::pair<std::string, std::string>>;

struct ReportPage {
  std::string title;
  ReportRows provenance;
  MetricValues metrics;
  std::vector<ReportPlot> plots;
};

/// One HTML page that needs nothing else and fetches nothing: totals, plots, then a table of the
/// values by class. NAME.ci_low and NAME.ci_high of a total stand beside NAME. It follows the
/// reader's light or dark setting and prints in black on white. Texts may hold anything; a value
/// that is not a number is a dash.
std::string html_page(const ReportPage& page);

}  // namespace claptools
