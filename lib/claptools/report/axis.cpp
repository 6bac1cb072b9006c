#include "claptools/report/axis.hpp"

#include <algorithm>
#include <cmath>

namespace claptools {
namespace {

/// The smallest of 1, 2 and 5 times a power of ten that is not below `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/// As few decimals as tell ticks apart; a power of ten where they would not fit under an axis.
std::string tick_text(double value, double step) {
  if (std::abs(value) >= 1e6 || step < 1e-6) {
    if (value == 0) return "0";
    const double exponent = std::floor(std::log10(std::abs(value)) + 1e-9);
    return decimal(value / std::pow(10.0, exponent), 3) + "e" + decimal(exponent, 0);
  }
  return decimal(value, std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9))));
}

std::string two_digits(long value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

Axis Axis::sane() const {
  Axis axis = *this;
  if (!std::isfinite(axis.low)) axis.low = 0;
  // An interval lost in rounding would give ticks without end.
  const double least = 1e-9 * std::max(std::abs(axis.low), 1e-300);
  if (!std::isfinite(axis.high) || !(axis.high - axis.low > least)) {
    axis.high = axis.low + std::max(1.0, std::abs(axis.low));
  }
  return axis;
}

std::vector<Tick> round_ticks(double low, double high, std::size_t wanted) {
  const double step = round_step((high - low) / static_cast<double>(wanted));
  std::vector<Tick> ticks;
  const double first = std::ceil(low / step - 1e-9);
  const double last = std::floor(high / step + 1e-9);
  for (double i = first; i <= last; ++i) ticks.push_back({i * step, tick_text(i * step, step)});
  return ticks;
}

/// Clock times are shown from a minute on, but not for what takes longer than centuries.
bool is_clock_time(double duration_s) { return duration_s >= 60 && duration_s < 1e10; }

double time_step(double least_s) {
  for (const double step : {10., 15., 30., 60., 120., 300., 600., 900., 1800., 3600., 7200.}) {
    if (step >= least_s) return step;
  }
  return 3600 * round_step(least_s / 3600);
}

std::string clock_text(double seconds, double duration_s) {
  const long s = std::lround(seconds);
  if (duration_s < 3600) return std::to_string(s / 60) + ":" + two_digits(s % 60);
  return std::to_string(s / 3600) + ":" + two_digits(s / 60 % 60) + ":" + two_digits(s % 60);
}

std::vector<Tick> time_ticks(double duration_s, std::size_t wanted) {
  return time_ticks(0, duration_s, duration_s, wanted);
}

std::vector<Tick> time_ticks(double low, double high, double duration_s, std::size_t wanted) {
  if (!is_clock_time(duration_s)) return round_ticks(low, high, wanted);
  const double step = time_step((high - low) / static_cast<double>(wanted));
  std::vector<Tick> ticks;
  for (double t = std::ceil(low / step) * step; t <= high; t += step)
    ticks.push_back({t, clock_text(t, duration_s)});
  return ticks;
}

std::string time_axis_label(double duration_s) {
  if (!is_clock_time(duration_s)) return "time (s)";
  return duration_s < 3600 ? "time (m:ss)" : "time (h:mm:ss)";
}

void draw_y_axis(SvgWriter& svg, const Box& area, const Axis& axis) {
  for (const Tick& tick : round_ticks(axis.low, axis.high)) {
    const double y = area.bottom() - axis.share(tick.value) * area.height;
    draw_line(svg, area.x, y, area.right(), y, kGrid);
    draw_text(svg, area.x - 8, y + 4, tick.text, {.anchor = Anchor::end, .paint = kMuted});
  }
  draw_line(svg, area.x, area.y, area.x, area.bottom(), kMuted);
  draw_text(svg, area.x - 52, area.y + area.height / 2, axis.label,
            {.size = 13, .anchor = Anchor::middle, .turn = -90});
}

void draw_x_axis(SvgWriter& svg, const Box& area, const Axis& axis,
                 const std::vector<Tick>& ticks) {
  for (const Tick& tick : ticks) {
    const double x = area.x + axis.share(tick.value) * area.width;
    draw_line(svg, x, area.y, x, area.bottom(), kGrid);
    draw_text(svg, x, area.bottom() + 18, tick.text, {.anchor = Anchor::middle, .paint = kMuted});
  }
  draw_line(svg, area.x, area.bottom(), area.right(), area.bottom(), kMuted);
  draw_text(svg, area.x + area.width / 2, area.bottom() + 40, axis.label,
            {.size = 13, .anchor = Anchor::middle});
}

}  // namespace claptools
