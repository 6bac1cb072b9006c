// Internal to the room: a stretch of a recording, as events_plot() draws it.
#pragma once

#include <cstddef>
#include <vector>

#include "claptools/report/axis.hpp"
#include "claptools/report/events/event_lanes.hpp"
#include "claptools/report/plots.hpp"
#include "claptools/report/svg.hpp"

namespace claptools {

/// Colours of events and scores.
inline constexpr Paint kTruth = kOrange, kDetected = kBlue, kScore = kMuted,
                       kThreshold = kVermilion;

/// Pixels: names at the left, scales at the right.
inline constexpr double kPanelLeft = 160, kPanelWidth = 760, kPanelRight = 84;

/// Height of a bar that stands for an event, pixels.
inline constexpr double kEventBar = 8;

/// What all panels of a plot have in common.
struct PanelScales {
  Axis score;
  double low_db = 0, high_db = 1;  ///< darkest and brightest colour
};

/// @param plot as events_plot() takes it.
PanelScales panel_scales(const EventsPlot& plot);

bool has_scores(const EventsPlot& plot);
bool has_spectrogram(const EventsPlot& plot);

/// From top to bottom: spectrogram, a lane with scores and events for each class, the time axis.
class EventsPanel {
 public:
  /// @param plot, scales must outlive this object. @param from_s, until_s of the recording, within
  /// 0 and its duration. @param max_lanes classes that are shown.
  /// @param max_columns of the spectrogram.
  EventsPanel(const EventsPlot& plot, const PanelScales& scales, const Axis& time,
              std::size_t max_lanes, std::size_t max_columns);

  const EventLanes& lanes() const { return lanes_; }
  double height() const;
  void draw(SvgWriter& svg, double top) const;

 private:
  double x(double seconds) const;
  void draw_spectrogram(SvgWriter& svg, const Box& box) const;
  void draw_lane(SvgWriter& svg, double top, const EventLane& lane) const;
  void draw_scores(SvgWriter& svg, double top, std::size_t column) const;
  void draw_score_scale(SvgWriter& svg, double top) const;
  void draw_events(SvgWriter& svg, double y, std::span<const Event> events, Paint paint,
                   std::string_view kind) const;
  double lane_height() const;

  const EventsPlot& plot_;
  const PanelScales& scales_;
  Axis time_;
  std::size_t max_columns_;
  double frames_from_s_ = 0;  ///< of the first row of scores_
  MatrixView log_mel_, scores_;
  EventLanes lanes_;
};

}  // namespace claptools
