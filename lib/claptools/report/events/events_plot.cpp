#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "claptools/core/error.hpp"
#include "claptools/report/axis.hpp"
#include "claptools/report/events/event_lanes.hpp"
#include "claptools/report/fit_text.hpp"
#include "claptools/report/level_image.hpp"
#include "claptools/report/plots.hpp"
#include "claptools/report/png.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxLanes = 16;
constexpr std::size_t kMaxColumns = 2000;  ///< of the spectrogram
constexpr double kDynamicRange = 80;       ///< dB below the loudest value
constexpr double kLeft = 160, kWidth = 760, kRight = 78;
constexpr double kSpectrogramHeight = 176;
constexpr double kCurveHeight = 30, kBar = 8, kLaneGap = 10;
constexpr Paint kTruth = kOrange, kDetected = kBlue;

/// The plot from top to bottom, and what is common to its panels.
struct Layout {
  Axis time;
  Axis score;
  Box spectrogram;
  double lane_height = 0;
  double lanes_top = 0;
  double lanes_bottom = 0;

  double x(double seconds) const {
    return kLeft + std::clamp(time.share(seconds), 0.0, 1.0) * kWidth;
  }
};

bool has_scores(const EventsPlot& p) { return p.frame_scores.rows * p.frame_scores.cols > 0; }
bool has_spectrogram(const EventsPlot& p) { return p.log_mel.rows * p.log_mel.cols > 0; }

/// From the lowest to the highest score or threshold; from 0 if that costs less than half of it,
/// because sigmoids of cosines all lie around 0.5.
Axis score_axis(const EventsPlot& plot) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Axis axis{"score", kInfinity, -kInfinity};
  const auto include = [&](double score) {
    if (!std::isfinite(score)) return;
    axis.low = std::min(axis.low, score);
    axis.high = std::max(axis.high, score);
  };
  const std::size_t count = plot.frame_scores.rows * plot.frame_scores.cols;
  for (const float s : std::span(plot.frame_scores.data, count)) include(s);
  for (const double threshold : plot.thresholds) include(threshold);
  if (axis.low > 0 && axis.low < axis.high / 2) axis.low = 0;
  return axis.sane();
}

Layout lay_out(const EventsPlot& plot, std::size_t lanes) {
  Layout out;
  out.time = Axis{"", 0, plot.duration_s}.sane();
  out.time.label = time_axis_label(out.time.high);
  out.score = score_axis(plot);
  const double top = kTitleHeight + 24;
  out.spectrogram = {kLeft, top, kWidth, has_spectrogram(plot) ? kSpectrogramHeight : 0};
  out.lanes_top = out.spectrogram.bottom() + (has_spectrogram(plot) ? 16 : 0);
  out.lane_height =
      (has_scores(plot) ? kCurveHeight : 0) + (plot.truth ? kBar + 2 : 0) + kBar + kLaneGap;
  out.lanes_bottom = out.lanes_top + static_cast<double>(lanes) * out.lane_height;
  return out;
}

void draw_image(SvgWriter& svg, const Box& box, const std::string& uri) {
  svg.open("image").attribute("x", box.x).attribute("y", box.y);
  svg.attribute("width", box.width).attribute("height", box.height);
  svg.attribute("preserveAspectRatio", "none");
  svg.attribute("href", uri).close();
}

/// Perceived pitch of a frequency: linear under 1 kHz, logarithmic above. Source: Slaney, Auditory
/// Toolbox (1998), as librosa's default.
double mel(double hz) {
  return hz < 1000 ? 3 * hz / 200 : 15 + 27 * std::log(hz / 1000) / std::log(6.4);
}

void draw_frequencies(SvgWriter& svg, const Box& box, const EventsPlot& plot) {
  const Axis axis = Axis{"", mel(plot.mel_low_hz), mel(plot.mel_high_hz)}.sane();
  for (const int hz : {100, 500, 1000, 2000, 4000, 8000, 16000}) {
    const double share = axis.share(mel(hz));
    if (share < 0 || share > 1) continue;
    const double y = box.bottom() - share * box.height;
    draw_line(svg, box.x - 5, y, box.x, y, kMuted);
    draw_text(svg, box.x - 9, y + 4,
              hz < 1000 ? std::to_string(hz) : std::to_string(hz / 1000) + "k",
              {.size = 11, .anchor = Anchor::end, .paint = kMuted});
  }
  draw_text(svg, box.x - 48, box.y + box.height / 2, "mel frequency (Hz)",
            {.size = 12, .anchor = Anchor::middle, .turn = -90});
}

void draw_colour_bar(SvgWriter& svg, const Box& box, double low, double high) {
  Matrix ramp(1, 256);
  std::iota(ramp.data.begin(), ramp.data.end(), 0.0f);
  draw_image(svg, {box.right() + 10, box.y, 12, box.height}, level_image(ramp, 0, 255));
  const TextStyle style{.size = 11, .paint = kMuted};
  draw_text(svg, box.right() + 27, box.y + 9, decimal(high, 0) + " dB", style);
  draw_text(svg, box.right() + 27, box.bottom(), decimal(low, 0), style);
}

void draw_spectrogram(SvgWriter& svg, const Box& box, const EventsPlot& plot) {
  constexpr float kNothing = -100;  // dB, what the front end gives for silence
  const Matrix columns = average_rows(plot.log_mel, kMaxColumns, kNothing);
  const auto [least, most] = std::minmax_element(columns.data.begin(), columns.data.end());
  const double high = *most;
  const double low = std::min(std::max<double>(*least, high - kDynamicRange), high - 1);
  draw_image(svg, box, level_image(columns, low, high));
  draw_frequencies(svg, box, plot);
  draw_colour_bar(svg, box, low, high);
}

/// The scores of one class as a stepped area, the threshold as a dashed line through it.
void draw_scores(SvgWriter& svg, const Layout& layout, double top, const EventsPlot& plot,
                 std::size_t column) {
  const auto y = [&](double score) { return top + (1 - layout.score.share(score)) * kCurveHeight; };
  const MatrixView scores = plot.frame_scores;
  std::vector<PlotPoint> points;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    points.push_back({layout.x(static_cast<double>(i) * plot.hop_s), y(scores.row(i)[column])});
  }
  points = thin_points(points);
  if (points.empty()) return;
  points.push_back({layout.x(static_cast<double>(scores.rows) * plot.hop_s), points.back().y});
  const std::string line = path_data(points, Join::step_after);
  const double base = y(std::clamp(0.0, layout.score.low, layout.score.high));
  svg.open("path").attribute(
      "d", line + "V" + decimal(base, 1) + "H" + decimal(points.front().x, 1) + "Z");
  svg.fill(kMuted).attribute("fill-opacity", 0.2).close();
  svg.open("path").attribute("d", line).stroke(kMuted, 1.2).close();
  if (plot.thresholds.empty() || !std::isfinite(plot.thresholds[column])) return;
  const std::string at = decimal(y(plot.thresholds[column]), 1);
  svg.open("path").attribute("d", "M" + decimal(kLeft) + " " + at + "h" + decimal(kWidth));
  svg.stroke(kVermilion, 1).attribute("stroke-dasharray", "4 3").close();
}

void draw_events(SvgWriter& svg, const Layout& layout, double y, std::span<const Event> events,
                 Paint paint, std::string_view kind) {
  for (const Event& e : events) {
    const double x = layout.x(e.onset_s);
    const double width = std::max(layout.x(e.offset_s) - x, 1.5);  // the shortest must be seen too
    draw_rect(svg, {x, y, width, kBar}, paint,
              std::string(kind) + ": " + e.label + ", " + decimal(e.onset_s) + " s to " +
                  decimal(e.offset_s) + " s");
  }
}

void draw_lane(SvgWriter& svg, const Layout& layout, double top, const EventsPlot& plot,
               const EventLane& lane) {
  const double bottom = top + layout.lane_height - kLaneGap;
  draw_name(svg, kLeft - 12, (top + bottom) / 2 + 4, lane.name, kLeft - 24,
            {.anchor = Anchor::end});
  draw_line(svg, 16, bottom + kLaneGap / 2, kLeft + kWidth, bottom + kLaneGap / 2, kGrid);
  if (has_scores(plot)) {
    if (lane.column) draw_scores(svg, layout, top, plot, *lane.column);
    const TextStyle style{.size = 10, .paint = kMuted};
    draw_text(svg, kLeft + kWidth + 6, top + 8, decimal(layout.score.high), style);
    draw_text(svg, kLeft + kWidth + 6, top + kCurveHeight, decimal(layout.score.low), style);
  }
  if (plot.truth) draw_events(svg, layout, bottom - 2 * kBar - 2, lane.truth, kTruth, "truth");
  draw_events(svg, layout, bottom - kBar, lane.detected, kDetected, "detected");
}

void draw_key(SvgWriter& svg, const EventsPlot& plot) {
  double x = kLeft;
  const double y = kTitleHeight + 10;
  const auto entry = [&](Paint paint, double height, std::string_view text) {
    draw_rect(svg, {x, y - 4 - height / 2, 22, height}, paint);
    draw_text(svg, x + 28, y, text);
    x += 52 + text_width(text, 12);
  };
  if (plot.truth) entry(kTruth, kBar, "ground truth");
  entry(kDetected, kBar, "detected");
  if (has_scores(plot)) entry(kMuted, 1.2, "unfiltered frame score");
  if (!has_scores(plot) || plot.thresholds.empty()) return;
  const double first = plot.thresholds[0];
  const bool one = std::ranges::count(plot.thresholds, first) == std::ssize(plot.thresholds);
  entry(kVermilion, 1, one ? "threshold " + decimal(first, 4) : "threshold of the class");
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

}  // namespace

std::string events_plot(const EventsPlot& plot) {
  if (has_scores(plot) && plot.frame_scores.cols != plot.classes.size()) {
    throw Error(Fault::internal, "events picture", "the scores are not frames x classes");
  }
  if (!plot.thresholds.empty() && plot.thresholds.size() != plot.classes.size()) {
    throw Error(Fault::internal, "events picture", "the thresholds are not one per class");
  }
  const EventLanes lanes = choose_lanes(plot, kMaxLanes);
  const Layout layout = lay_out(plot, lanes.shown.size());
  const double width = kLeft + kWidth + kRight;
  const std::string below = subtitle(plot, lanes);
  SvgWriter svg(width, layout.lanes_bottom + kXAxisHeight, plot.title, below);
  draw_title(svg, width, plot.title, below);
  draw_key(svg, plot);
  const Box area{kLeft, layout.lanes_top, kWidth, layout.lanes_bottom - layout.lanes_top};
  draw_x_axis(svg, area, layout.time, time_ticks(layout.time.high));
  if (has_spectrogram(plot)) draw_spectrogram(svg, layout.spectrogram, plot);
  double top = layout.lanes_top;
  for (const EventLane& lane : lanes.shown) {
    draw_lane(svg, layout, top, plot, lane);
    top += layout.lane_height;
  }
  return svg.finish();
}

}  // namespace claptools
