#pragma once

#include <string>
#include <vector>

#include "claptools/report/svg.hpp"

namespace claptools {

/// One direction of a plot and the values at its ends.
struct Axis {
  std::string label;
  double low = 0;
  double high = 1;

  /// The axis with ends that are finite and rise.
  Axis sane() const;
  /// 0 at the low end, 1 at the high end.
  double share(double value) const { return (value - low) / (high - low); }
};

struct Tick {
  double value = 0;
  std::string text;
};

/// Round values from low to high, 1, 2 or 5 times a power of ten apart, about `wanted` of them.
/// @param low, high of an axis that is sane().
std::vector<Tick> round_ticks(double low, double high, std::size_t wanted = 6);

/// Ticks from 0 to a duration, as seconds under a minute, else as m:ss or h:mm:ss.
/// @param duration_s above 0.
std::vector<Tick> time_ticks(double duration_s, std::size_t wanted = 9);

/// The same from `low` to `high`, a part of the duration.
std::vector<Tick> time_ticks(double low, double high, double duration_s, std::size_t wanted = 9);

/// A round number of seconds, minutes or hours that is not below `least_s`.
double time_step(double least_s);

/// A time as time_ticks() writes it where all of the duration is counted like a clock.
std::string clock_text(double seconds, double duration_s);

/// Whether time_ticks() counts a duration like a clock.
bool is_clock_time(double duration_s);

/// What time_ticks() counts in.
std::string time_axis_label(double duration_s);

/// Horizontal grid lines of a plot's area with their values at its left.
void draw_y_axis(SvgWriter& svg, const Box& area, const Axis& axis);

/// Vertical grid lines with their values beneath, and the axis' label under them.
void draw_x_axis(SvgWriter& svg, const Box& area, const Axis& axis, const std::vector<Tick>& ticks);

/// Height that draw_x_axis() takes beneath the area, width that draw_y_axis() takes at its left.
inline constexpr double kXAxisHeight = 50;
inline constexpr double kYAxisWidth = 72;

}  // namespace claptools
