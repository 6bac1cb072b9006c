#include <algorithm>
#include <cmath>

#include "claptools/core/error.hpp"
#include "claptools/report/events/events_panel.hpp"
#include "claptools/report/fit_text.hpp"
#include "claptools/report/plots.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxLanes = 16, kMaxLanesOfPage = 8;
constexpr std::size_t kMaxPages = 30;
constexpr double kPage_s = 120, kLongest_s = 180;  // of a page, and of a plot without pages
constexpr std::size_t kMaxColumns = 2000, kColumnsOfPage = 1000;
constexpr double kHeadingHeight = 26;

void draw_key(SvgWriter& svg, const EventsPlot& plot) {
  double x = kPanelLeft;
  const double y = kTitleHeight + 10;
  const auto entry = [&](Paint paint, double height, std::string_view text,
                         std::string_view dash = {}) {
    svg.open("line").attribute("x1", x).attribute("x2", x + 22);
    svg.attribute("y1", y - 4).attribute("y2", y - 4).stroke(paint, height);
    if (!dash.empty()) svg.attribute("stroke-dasharray", dash);
    svg.close();
    draw_text(svg, x + 28, y, text);
    x += 52 + text_width(text, 12);
  };
  if (plot.truth) entry(kTruth, kEventBar, "ground truth");
  entry(kDetected, kEventBar, "detected");
  if (has_scores(plot)) entry(kScore, 1.2, "unfiltered frame score");
  if (!has_scores(plot) || plot.thresholds.empty()) return;
  const double first = plot.thresholds[0];
  const bool one = std::ranges::count(plot.thresholds, first) == std::ssize(plot.thresholds);
  entry(kThreshold, 1.5, one ? "threshold " + decimal(first, 4) : "threshold of the class", "5 3");
}

std::string subtitle(const EventsPlot& plot, const EventLanes& lanes) {
  std::string text = std::to_string(plot.detected.size()) + " detected";
  if (plot.truth) text += ", " + std::to_string(plot.truth->size()) + " in the ground truth";
  if (lanes.shown.size() < lanes.total) {
    text += "; " + std::to_string(lanes.shown.size()) + " of " + std::to_string(lanes.total) +
            " classes shown";
  }
  return text;
}

/// The stretches that a long recording is drawn in again, so that an event of a second is seen.
std::vector<Axis> pages_of(double duration_s) {
  if (!is_clock_time(duration_s) || duration_s <= kLongest_s) return {};
  const double page = time_step(std::max(kPage_s, duration_s / kMaxPages));
  std::vector<Axis> pages;
  for (double from = 0; from < duration_s; from += page)
    pages.push_back({time_axis_label(duration_s), from, std::min(from + page, duration_s)});
  return pages;
}

std::vector<Axis> pages_of(const EventsPlot& plot) {
  const bool is_timed = !has_scores(plot) || plot.hop_s > 0;
  return plot.paged && is_timed ? pages_of(plot.duration_s) : std::vector<Axis>();
}

/// @throws Error{internal} as events_plot.
void check_shapes(const EventsPlot& plot) {
  if (has_scores(plot) && plot.frame_scores.cols != plot.classes.size()) {
    throw Error(Fault::internal, "events picture", "the scores are not frames x classes");
  }
  if (!plot.thresholds.empty() && plot.thresholds.size() != plot.classes.size()) {
    throw Error(Fault::internal, "events picture", "the thresholds are not one per class");
  }
}

Axis time_axis(const EventsPlot& plot) {
  Axis axis = Axis{"", 0, plot.duration_s}.sane();
  axis.label = time_axis_label(axis.high);
  return axis;
}

}  // namespace

std::size_t events_plot_pages(double duration_s) { return pages_of(duration_s).size(); }

std::size_t events_plot_columns(std::size_t pages) {
  return std::max(kMaxColumns, kColumnsOfPage * pages);
}

std::string events_plot(const EventsPlot& plot) {
  check_shapes(plot);
  const PanelScales scales = panel_scales(plot);
  std::vector<EventsPanel> panels;
  panels.emplace_back(plot, scales, time_axis(plot), kMaxLanes, kMaxColumns);
  const std::vector<Axis> pages = pages_of(plot);
  for (const Axis& page : pages)
    panels.emplace_back(plot, scales, page, kMaxLanesOfPage, kColumnsOfPage);

  double height = kTitleHeight + 24;
  for (const EventsPanel& panel : panels) height += panel.height();
  height += kHeadingHeight * static_cast<double>(pages.size());
  const double width = kPanelLeft + kPanelWidth + kPanelRight;
  const std::string below = subtitle(plot, panels[0].lanes());
  SvgWriter svg(width, height, plot.title, below);
  draw_title(svg, width, plot.title, below);
  draw_key(svg, plot);
  double top = kTitleHeight + 24;
  panels[0].draw(svg, top);
  top += panels[0].height();
  for (std::size_t i = 0; i < pages.size(); ++i) {
    draw_text(svg, 16, top + 14,
              clock_text(pages[i].low, plot.duration_s) + " \xE2\x80\x93 " +
                  clock_text(pages[i].high, plot.duration_s),
              {.size = 14, .bold = true});
    panels[i + 1].draw(svg, top + kHeadingHeight);
    top += kHeadingHeight + panels[i + 1].height();
  }
  return svg.finish();
}

}  // namespace claptools
