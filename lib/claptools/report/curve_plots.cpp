#include <algorithm>
#include <utility>

#include "claptools/report/fit_text.hpp"
#include "claptools/report/plot.hpp"
#include "claptools/report/plots.hpp"

namespace claptools {
namespace {

/// More lines than this cannot be told apart.
constexpr std::size_t kNamedClasses = 12;

const LineStyle kBold{.paint = kInk, .width = 2.8};
const LineStyle kBoldDashed{.paint = kInk, .dash = "7 3", .width = 2.2};

std::string legend_text(const std::string& name, std::optional<double> value) {
  const std::string shown = fit_text(name, 140, 12).text;
  return value ? shown + ": " + result_text(*value, 3) : shown;
}

LineStyle pale(std::size_t lines) {
  return {.paint = kMuted,
          .width = 1,
          .opacity = std::clamp(20.0 / static_cast<double>(lines), 0.12, 0.5)};
}

std::string class_count(std::size_t n) {
  return std::to_string(n) + (n == 1 ? " class" : " classes");
}

/// The line of class i of n.
PlotLine class_line(const Curve& curve, std::size_t i, std::size_t n, Join join) {
  PlotLine line;
  line.name = curve.name;
  line.join = join;
  if (n <= kNamedClasses) {
    line.style = line_style(i);
    line.legend = legend_text(curve.name, curve.value);
  } else {
    line.style = pale(n);
    if (i == 0) line.legend = class_count(n);
  }
  return line;
}

/// The best that is reached with at most so many false positives, from (0, 0) to the right end.
std::vector<PlotPoint> staircase(std::vector<PlotPoint> points, double right) {
  std::erase_if(points, [right](const PlotPoint& p) {
    return !(p.x >= 0 && p.x <= right && p.y >= 0 && p.y <= 1);
  });
  std::sort(points.begin(), points.end(),
            [](const auto& a, const auto& b) { return std::pair(a.x, a.y) < std::pair(b.x, b.y); });
  std::vector<PlotPoint> steps{{0, 0}};
  for (const PlotPoint& p : points) {
    if (p.y > steps.back().y) steps.push_back(p);
  }
  steps.push_back({right, steps.back().y});
  return steps;
}

std::vector<PlotPoint> held_to(std::vector<PlotPoint> vertices, double right) {
  if (!vertices.empty()) vertices.push_back({right, vertices.back().y});
  return vertices;
}

/// The first precision holds back to recall 0.
std::vector<PlotPoint> held_from_zero(std::vector<PlotPoint> points) {
  if (!points.empty()) points.insert(points.begin(), {0, points.front().y});
  return points;
}

std::string effective_name(double alpha_st) {
  return "mean \xE2\x88\x92 " + (alpha_st == 1 ? "" : decimal(alpha_st) + " ") + "std";
}

}  // namespace

std::string psd_roc_plot(const PsdRocPlot& data) {
  const std::size_t n = data.classes.size();
  const Axis efpr = Axis{"effective false positives per hour", 0, data.max_efpr}.sane();
  Plot plot("PSD-ROC: " + data.metric + " " + result_text(data.psds, 4),
            class_count(n) + "; the shaded area is " + data.metric, efpr,
            {"true positive rate", 0, 1});
  for (std::size_t i = 0; i < n; ++i) {
    PlotLine line = class_line(data.classes[i], i, n, Join::step_after);
    line.points = staircase(data.classes[i].points, efpr.high);
    line.filled = n == 1;
    plot.add(std::move(line));
  }
  if (n == 1) return plot.svg();  // the mean would hide the only class
  const auto add = [&](const std::string& name, const std::vector<PlotPoint>& points,
                       const LineStyle& style, bool filled) {
    if (points.empty()) return;
    plot.add({name, held_to(points, efpr.high), Join::step_after, style, filled, name});
  };
  add("mean", data.mean, kBold, data.effective.empty());
  add(effective_name(data.alpha_st), data.effective, kBoldDashed, true);
  return plot.svg();
}

std::string precision_recall_plot(const PrecisionRecallPlot& data) {
  const std::size_t n = data.classes.size();
  Plot plot(data.title, class_count(n), {"recall", 0, 1}, {"precision", 0, 1});
  for (std::size_t i = 0; i < n; ++i) {
    PlotLine line = class_line(data.classes[i], i, n, Join::step_before);
    line.points = held_from_zero(data.classes[i].points);
    plot.add(std::move(line));
  }
  if (data.total) {
    const std::string name = legend_text(data.total->name, data.total->value);
    plot.add({name, held_from_zero(data.total->points), Join::step_before, kBold, false, name});
  }
  return plot.svg();
}

}  // namespace claptools
