#include "claptools/metrics/psds/seconds_median.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace claptools {
namespace {

constexpr double kClose = 1e-7;  // s: nearer moments are the same
constexpr float kOutside = -std::numeric_limits<float>::infinity();

double rounded(double seconds, double scale) { return std::nearbyint(seconds * scale) / scale; }

/// The median of a window that slides over a clip. What is in the window lies as bars, from low to
/// high scores, on each other; the median is the bar in the middle.
class SlidingMedian {
 public:
  explicit SlidingMedian(double window_s) : half_s_(window_s / 2), bars_{{kOutside, window_s}} {}

  /// The window's front moves over `entering` while its end leaves `leaving`, until `end_s`.
  void slide(float leaving, float entering, double length_s, double end_s);

  /// Ends the last step.
  ScoreSteps steps() &&;

 private:
  struct Bar {
    float score;
    double seconds;
  };

  std::size_t bar_of(float score);
  void resize(std::size_t bar, double by_s);
  void drop_if_empty(float score);
  void change(double time_s);

  double half_s_;
  std::vector<Bar> bars_;  // by rising score
  std::size_t median_ = 0;
  double below_s_ = 0;  // of the bars below the median
  ScoreSteps steps_;
};

void SlidingMedian::slide(float leaving, float entering, double length_s, double end_s) {
  if (leaving == entering) return;
  resize(bar_of(entering), length_s);
  resize(bar_of(leaving), -length_s);
  for (double up_s = below_s_ + bars_[median_].seconds; up_s < half_s_ - kClose;
       up_s += bars_[median_].seconds) {
    ++median_;
    below_s_ = up_s;
    change(end_s - (half_s_ - up_s));
  }
  while (below_s_ >= half_s_ - kClose) {
    const double since_s = below_s_ - half_s_;
    --median_;
    below_s_ -= bars_[median_].seconds;
    change(end_s - since_s);
  }
  drop_if_empty(leaving);
}

/// Its place, after making it if there is none.
std::size_t SlidingMedian::bar_of(float score) {
  const auto found = std::ranges::lower_bound(bars_, score, {}, &Bar::score);
  const auto at = static_cast<std::size_t>(found - bars_.begin());
  if (found != bars_.end() && found->score == score) return at;
  bars_.insert(found, {score, 0});
  if (at <= median_) ++median_;
  return at;
}

void SlidingMedian::resize(std::size_t bar, double by_s) {
  bars_[bar].seconds += by_s;
  if (bar < median_) below_s_ += by_s;
}

void SlidingMedian::drop_if_empty(float score) {
  const std::size_t at = bar_of(score);
  if (at == median_ || bars_[at].seconds >= kClose) return;
  if (at < median_) {
    below_s_ -= bars_[at].seconds;
    --median_;
  }
  bars_.erase(bars_.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Of several changes at one moment the last one holds.
void SlidingMedian::change(double time_s) {
  const double time = rounded(time_s, 1e6);
  if (steps_.scores.empty() || time > steps_.boundaries_s.back() + kClose) {
    steps_.boundaries_s.push_back(time);
    steps_.scores.push_back(bars_[median_].score);
  } else {
    steps_.scores.back() = bars_[median_].score;
  }
}

/// The clip's end is the last change; the score after it is that of what is outside.
ScoreSteps SlidingMedian::steps() && {
  if (!steps_.scores.empty()) steps_.scores.pop_back();
  if (steps_.scores.empty()) return {};
  return std::move(steps_);
}

}  // namespace

ScoreSteps seconds_median(std::span<const float> scores, std::span<const double> boundaries_s,
                          double window_s) {
  const auto score_at = [&](std::size_t segment) {  // 0: before the clip
    return segment == 0 || segment > scores.size() ? kOutside : scores[segment - 1];
  };
  const auto enters = [&](std::size_t i) { return rounded(boundaries_s[i] - window_s / 2, 1e8); };
  const auto leaves = [&](std::size_t i) { return rounded(boundaries_s[i] + window_s / 2, 1e8); };
  SlidingMedian median(window_s);
  const std::size_t count = boundaries_s.size();
  double start_s = enters(0);
  for (std::size_t entered = 0, left = 0; left < count;) {
    const bool is_entry = entered < count && enters(entered) <= leaves(left);
    const double end_s = is_entry ? enters(entered) : leaves(left);
    if (end_s - start_s >= kClose) {
      if (entered != left) median.slide(score_at(left), score_at(entered), end_s - start_s, end_s);
      start_s = end_s;
    }
    ++(is_entry ? entered : left);
  }
  return std::move(median).steps();
}

}  // namespace claptools
