#include "claptools/report/events/events_panel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "claptools/report/level_image.hpp"
#include "claptools/report/png.hpp"

namespace claptools {
namespace {

constexpr float kNothing = -100;             // dB, what the front end gives for silence
constexpr double kDynamicRange = 80;         // dB below the loudest value
constexpr std::size_t kScaleColumns = 2000;  // over which levels are looked at
constexpr double kSpectrogramHeight = 176, kCurveHeight = 30, kLaneGap = 10;
constexpr double kScaleTitle = 66;  // of a scale at the right, from the panel's end

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

/// The rows of `values`, evenly spread over the duration, that lie on the axis.
MatrixView rows_within(MatrixView values, const Axis& time, double duration_s) {
  if (!(duration_s > 0) || time.high - time.low >= duration_s) return values;
  const auto row = [&](double seconds) {
    const double at = std::round(seconds / duration_s * static_cast<double>(values.rows));
    return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(values.rows)));
  };
  return values.slice(row(time.low), row(time.high) - row(time.low));
}

std::vector<Event> events_within(std::span<const Event> events, const Axis& time) {
  std::vector<Event> within;
  std::ranges::copy_if(events, std::back_inserter(within), [&](const Event& e) {
    return e.onset_s < time.high && std::max(e.offset_s, e.onset_s + 1e-9) > time.low;
  });
  return within;
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

void draw_scale_title(SvgWriter& svg, double y, std::string_view text) {
  draw_text(svg, kPanelLeft + kPanelWidth + kScaleTitle, y, text,
            {.size = 12, .anchor = Anchor::middle, .turn = -90});
}

void draw_colour_bar(SvgWriter& svg, const Box& box, const Axis& level) {
  Matrix ramp(1, 256);
  std::iota(ramp.data.begin(), ramp.data.end(), 0.0f);
  const Box bar{box.right() + 10, box.y, 12, box.height};
  draw_image(svg, bar, level_image(ramp, 0, 255));
  for (const Tick& tick : round_ticks(level.low, level.high, 5)) {
    const double y = bar.bottom() - level.share(tick.value) * bar.height;
    draw_line(svg, bar.right(), y, bar.right() + 4, y, kMuted);
    draw_text(svg, bar.right() + 8, y + 4, tick.text, {.size = 11, .paint = kMuted});
  }
  draw_scale_title(svg, box.y + box.height / 2, "level (dB)");
}

}  // namespace

bool has_scores(const EventsPlot& p) { return p.frame_scores.rows * p.frame_scores.cols > 0; }
bool has_spectrogram(const EventsPlot& p) { return p.log_mel.rows * p.log_mel.cols > 0; }

PanelScales panel_scales(const EventsPlot& plot) {
  PanelScales scales{.score = score_axis(plot)};
  if (!has_spectrogram(plot)) return scales;
  const Matrix columns = average_rows(plot.log_mel, kScaleColumns, kNothing);
  const auto [least, most] = std::minmax_element(columns.data.begin(), columns.data.end());
  scales.high_db = *most;
  scales.low_db = std::min(std::max<double>(*least, *most - kDynamicRange), *most - 1.0);
  return scales;
}

EventsPanel::EventsPanel(const EventsPlot& plot, const PanelScales& scales, const Axis& time,
                         std::size_t max_lanes, std::size_t max_columns)
    : plot_(plot),
      scales_(scales),
      time_(time),
      max_columns_(max_columns),
      log_mel_(rows_within(plot.log_mel, time, plot.duration_s)),
      scores_(plot.frame_scores) {
  EventsPlot part = plot;
  std::vector<Event> detected, truth;
  if (time.low > 0 || time.high < plot.duration_s) {
    detected = events_within(plot.detected, time);
    part.detected = detected;
    if (plot.truth) part.truth = truth = events_within(*plot.truth, time);
    const double hop_s = plot.hop_s;
    const auto first = static_cast<std::size_t>(time.low / hop_s);
    const auto end = static_cast<std::size_t>(std::ceil(time.high / hop_s));
    const std::size_t begin = std::min(first, scores_.rows);
    scores_ = scores_.slice(begin, std::min(end, scores_.rows) - begin);
    frames_from_s_ = static_cast<double>(begin) * hop_s;
    part.frame_scores = scores_;
  }
  lanes_ = choose_lanes(part, max_lanes);
}

double EventsPanel::x(double seconds) const {
  return kPanelLeft + std::clamp(time_.share(seconds), 0.0, 1.0) * kPanelWidth;
}

double EventsPanel::lane_height() const {
  return (has_scores(plot_) ? kCurveHeight : 0) + (plot_.truth ? kEventBar + 2 : 0) + kEventBar +
         kLaneGap;
}

double EventsPanel::height() const {
  return (has_spectrogram(plot_) ? kSpectrogramHeight + 16 : 0) +
         static_cast<double>(lanes_.shown.size()) * lane_height() + kXAxisHeight;
}

void EventsPanel::draw(SvgWriter& svg, double top) const {
  const Box box{kPanelLeft, top, kPanelWidth, has_spectrogram(plot_) ? kSpectrogramHeight : 0};
  const double lanes_top = has_spectrogram(plot_) ? box.bottom() + 16 : top;
  const double lanes_height = static_cast<double>(lanes_.shown.size()) * lane_height();
  draw_x_axis(svg, {kPanelLeft, lanes_top, kPanelWidth, lanes_height}, time_,
              time_ticks(time_.low, time_.high, plot_.duration_s));
  if (log_mel_.rows > 0 && has_spectrogram(plot_)) draw_spectrogram(svg, box);
  double lane_top = lanes_top;
  for (const EventLane& lane : lanes_.shown) {
    draw_lane(svg, lane_top, lane);
    lane_top += lane_height();
  }
  if (has_scores(plot_) && !lanes_.shown.empty())
    draw_scale_title(svg, lanes_top + lanes_height / 2, "score");
}

void EventsPanel::draw_spectrogram(SvgWriter& svg, const Box& box) const {
  const Matrix columns = average_rows(log_mel_, max_columns_, kNothing);
  draw_image(svg, box, level_image(columns, scales_.low_db, scales_.high_db));
  draw_frequencies(svg, box, plot_);
  draw_colour_bar(svg, box, {"", scales_.low_db, scales_.high_db});
}

void EventsPanel::draw_lane(SvgWriter& svg, double top, const EventLane& lane) const {
  const double bottom = top + lane_height() - kLaneGap, right = kPanelLeft + kPanelWidth;
  draw_name(svg, kPanelLeft - 12, (top + bottom) / 2 + 4, lane.name, kPanelLeft - 24,
            {.anchor = Anchor::end});
  draw_line(svg, 16, bottom + kLaneGap / 2, right, bottom + kLaneGap / 2, kGrid);
  if (has_scores(plot_)) {
    if (lane.column) draw_scores(svg, top, *lane.column);
    draw_score_scale(svg, top);
  }
  if (plot_.truth) draw_events(svg, bottom - 2 * kEventBar - 2, lane.truth, kTruth, "truth");
  draw_events(svg, bottom - kEventBar, lane.detected, kDetected, "detected");
}

/// The ends of the score axis, beside a lane.
void EventsPanel::draw_score_scale(SvgWriter& svg, double top) const {
  const double at = kPanelLeft + kPanelWidth + 4, bottom = top + kCurveHeight;
  const TextStyle style{.size = 10, .paint = kMuted};
  draw_text(svg, at + 8, top + 8, decimal(scales_.score.high), style);
  draw_text(svg, at + 8, bottom, decimal(scales_.score.low), style);
  draw_line(svg, at, top, at, bottom, kMuted);
  draw_line(svg, at, top, at + 4, top, kMuted);
  draw_line(svg, at, bottom, at + 4, bottom, kMuted);
}

/// The scores of one class as a stepped area, the threshold as a dashed line through it.
void EventsPanel::draw_scores(SvgWriter& svg, double top, std::size_t column) const {
  const auto y = [&](double score) {
    return top + (1 - scales_.score.share(score)) * kCurveHeight;
  };
  const auto start = [&](std::size_t frame) {
    return x(frames_from_s_ + static_cast<double>(frame) * plot_.hop_s);
  };
  std::vector<PlotPoint> points;
  for (std::size_t i = 0; i < scores_.rows; ++i)
    points.push_back({start(i), y(scores_.row(i)[column])});
  points = thin_points(points);
  if (points.empty()) return;
  points.push_back({start(scores_.rows), points.back().y});
  const std::string line = path_data(points, Join::step_after);
  const double base = y(std::clamp(0.0, scales_.score.low, scales_.score.high));
  svg.open("path").attribute(
      "d", line + "V" + decimal(base, 1) + "H" + decimal(points.front().x, 1) + "Z");
  svg.fill(kScore).attribute("fill-opacity", 0.2).close();
  svg.open("path").attribute("d", line).stroke(kScore, 1.2).close();
  if (plot_.thresholds.empty() || !std::isfinite(plot_.thresholds[column])) return;
  const std::string at = decimal(y(plot_.thresholds[column]), 1);
  svg.open("path").attribute("d",
                             "M" + decimal(kPanelLeft) + " " + at + "h" + decimal(kPanelWidth));
  svg.stroke(kThreshold, 1.5).attribute("stroke-dasharray", "5 3").close();
}

void EventsPanel::draw_events(SvgWriter& svg, double y, std::span<const Event> events, Paint paint,
                              std::string_view kind) const {
  for (const Event& e : events) {
    const double left = x(e.onset_s);
    const double width = std::max(x(e.offset_s) - left, 1.5);  // the shortest must be seen too
    draw_rect(svg, {left, y, width, kEventBar}, paint,
              std::string(kind) + ": " + e.label + ", " + decimal(e.onset_s) + " s to " +
                  decimal(e.offset_s) + " s");
  }
}

}  // namespace claptools
