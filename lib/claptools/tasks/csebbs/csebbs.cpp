#include "claptools/tasks/csebbs/csebbs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace claptools {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSlack_s = 1e-7;      // times that differ by less are one
constexpr double kRounding = 1e8;      // of the times at which the filter is looked at, per second
constexpr double kScoreFloor = 1e-3;   // keeps the ratio of scores finite
constexpr double kLengthFloor = 1e-6;  // s, keeps the mean of merged segments finite

/// The step filter at a time that moves: the sums of score times seconds of its two halves. Frame 0
/// and the last one are those outside the clip.
class StepFilter {
 public:
  StepFilter(std::span<const double> scores, std::span<const double> times, double length_s)
      : half_s_(length_s / 2), length_s_(length_s), scores_{0}, begins_{-kInfinity} {
    scores_.insert(scores_.end(), scores.begin(), scores.end());
    scores_.push_back(0);
    begins_.insert(begins_.end(), times.begin(), times.end());
    begins_.push_back(kInfinity);
    for (; begins_[last_ + 1] <= half_s_; ++last_)
      after_ += scores_[last_] * (begins_[last_ + 1] - begins_[last_]);
    after_ += scores_[last_] * (half_s_ - begins_[last_]);
  }

  double step() const { return 2 * (after_ - before_) / length_s_; }
  double score() const { return scores_[middle_]; }  // that the middle has passed

  void move(double seconds) {
    before_ -= seconds * scores_[first_];
    before_ += seconds * scores_[middle_];
    after_ -= seconds * scores_[middle_];
    after_ += seconds * scores_[last_];
    time_s_ += seconds;
  }

  /// After score(): into the frames that its three edges have reached.
  void enter_frames() {
    if (begins_[middle_ + 1] - time_s_ < kSlack_s) ++middle_;
    if (begins_[first_ + 1] - (time_s_ - half_s_) < kSlack_s) ++first_;
    if (begins_[last_ + 1] - (time_s_ + half_s_) < kSlack_s) ++last_;
  }

 private:
  double half_s_, length_s_;
  std::vector<double> scores_, begins_;
  std::size_t first_ = 0, middle_ = 1, last_ = 1;  // frames of its edges
  double before_ = 0, after_ = 0, time_s_ = 0;
};

/// Segments as they grow.
class SegmentList {
 public:
  SegmentList() { begin(0); }

  /// Ends the last segment and begins another.
  void begin(double time_s) {
    segments_.bounds_s.push_back(time_s);
    segments_.mean.push_back(0);  // the integral until end()
    segments_.lowest.push_back(kInfinity);
    segments_.highest.push_back(0);
  }

  void add(double seconds, double score) {
    segments_.mean.back() += seconds * score;
    segments_.lowest.back() = std::min(segments_.lowest.back(), score);
    segments_.highest.back() = std::max(segments_.highest.back(), score);
  }

  bool is_inside() const { return segments_.mean.size() % 2 == 0; }  // an event

  ScoreSegments end(double time_s) && {
    auto& [bounds_s, mean, lowest, highest] = segments_;
    bounds_s.push_back(time_s);
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] /= std::max(bounds_s[i + 1] - bounds_s[i], kSlack_s);
      if (lowest[i] == kInfinity) lowest[i] = 0;
    }
    lowest.front() = lowest.back() = 0;
    return std::move(segments_);
  }

 private:
  ScoreSegments segments_;
};

/// Between these times the filter's output is linear, so that its extremes lie there.
std::vector<double> filter_stops(std::span<const double> times, double length_s) {
  std::vector<double> stops;
  for (const double shift_s : {0.0, length_s / 2, -length_s / 2})
    for (const double time_s : times)
      stops.push_back(std::nearbyint((time_s + shift_s) * kRounding) / kRounding);
  std::ranges::sort(stops);
  return stops;
}

/// @param times from 0 on.
ScoreSegments changes_from_zero(std::span<const double> scores, std::span<const double> times,
                                double length_s) {
  const std::vector<double> stops = filter_stops(times, length_s);
  StepFilter filter(scores, times, length_s);
  SegmentList segments;
  double before = -kInfinity, last = filter.step();
  for (std::size_t i = 1; i < stops.size(); ++i) {
    const double seconds = stops[i] - stops[i - 1];
    if (stops[i] < kSlack_s || seconds < kSlack_s || stops[i] > times.back()) continue;
    filter.move(seconds);
    const double step = filter.step();
    const bool is_peak = step <= last && last > before;
    const bool is_valley = step > last && last <= before;
    if (segments.is_inside() ? is_valley : is_peak) segments.begin(stops[i - 1]);
    segments.add(seconds, filter.score());
    filter.enter_frames();
    before = last;
    last = step;
  }
  if (segments.is_inside()) segments.begin(times.back());
  return std::move(segments).end(times.back());
}

bool belong_together(double event, double gap, double threshold_abs, double threshold_rel) {
  event += kScoreFloor;
  gap += kScoreFloor;
  return event / gap < threshold_rel && event - gap < threshold_abs;
}

/// The mean of segments [first, end), weighted by their lengths.
double mean_of(const ScoreSegments& segments, std::size_t first, std::size_t end) {
  double sum = 0, length_s = 0;
  for (std::size_t i = first; i < end; ++i) {
    const double own_s = segments.bounds_s[i + 1] - segments.bounds_s[i];
    sum += own_s * segments.mean[i];
    length_s += own_s;
  }
  return length_s == 0 ? 0 : sum / (length_s + kLengthFloor);
}

}  // namespace

ScoreSegments find_changes(std::span<const double> scores, std::span<const double> boundaries,
                           double step_filter_length_s) {
  const double start_s = boundaries.front();
  std::vector<double> times(boundaries.begin(), boundaries.end());
  for (double& time_s : times) time_s -= start_s;
  ScoreSegments segments = changes_from_zero(scores, times, step_filter_length_s);
  for (double& bound_s : segments.bounds_s) bound_s += start_s;
  return segments;
}

std::vector<EventBox> merge_segments(const ScoreSegments& segments, double threshold_abs,
                                     double threshold_rel) {
  const auto& [bounds_s, mean, lowest, highest] = segments;
  const bool is_one = mean.size() <= 3;  // its mean stays as it is
  std::vector<EventBox> boxes;
  for (std::size_t first = 1, end = 2; end < mean.size(); end += 2) {
    const auto joins = [&](double event) {
      return belong_together(event, lowest[end], threshold_abs, threshold_rel);
    };
    const bool is_last = end + 1 >= mean.size();
    if (!is_last && joins(highest[end - 1]) && joins(highest[end + 1])) continue;
    boxes.push_back(
        {bounds_s[first], bounds_s[end], is_one ? mean[first] : mean_of(segments, first, end)});
    first = end + 1;
  }
  return boxes;
}

std::vector<EventBox> event_boxes(std::span<const double> scores,
                                  std::span<const double> boundaries,
                                  const CsebbsParameters& parameters) {
  return merge_segments(find_changes(scores, boundaries, parameters.step_filter_length_s),
                        parameters.merge_threshold_abs, parameters.merge_threshold_rel);
}

}  // namespace claptools
