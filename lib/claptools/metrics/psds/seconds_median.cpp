#include "claptools/metrics/psds/seconds_median.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "claptools/metrics/descending_order.hpp"

namespace claptools {
namespace {

constexpr double kClose = 1e-7;  // s: nearer moments are the same
constexpr float kOutside = -std::numeric_limits<float>::infinity();

double rounded(double seconds, double scale) { return std::nearbyint(seconds * scale) / scale; }

/// A set of ranks that tells the neighbours of one in it.
class RankSet {
 public:
  explicit RankSet(std::size_t ranks) : words_(ranks / kBits + 1) {}

  void insert(std::size_t rank) { words_[rank / kBits] |= bit(rank); }
  void erase(std::size_t rank) { words_[rank / kBits] &= ~bit(rank); }

  /// @param rank not the last.
  std::size_t after(std::size_t rank) const {
    std::size_t word = (rank + 1) / kBits;
    std::uint64_t above = words_[word] & (~std::uint64_t{0} << ((rank + 1) % kBits));
    while (above == 0) above = words_[++word];
    return word * kBits + static_cast<std::size_t>(std::countr_zero(above));
  }
  /// @param rank not the first.
  std::size_t before(std::size_t rank) const {
    std::size_t word = rank / kBits;
    std::uint64_t below = words_[word] & (bit(rank) - 1);
    while (below == 0) below = words_[--word];
    return word * kBits + kBits - 1 - static_cast<std::size_t>(std::countl_zero(below));
  }

 private:
  static constexpr std::size_t kBits = 64;
  static std::uint64_t bit(std::size_t rank) { return std::uint64_t{1} << (rank % kBits); }

  std::vector<std::uint64_t> words_;
};

/// The median of a window that slides over a clip. What is in the window lies as bars, from low to
/// high scores, on each other; the median is the bar in the middle.
class SlidingMedian {
 public:
  SlidingMedian(std::span<const float> scores, double window_s)
      : scores_(scores), half_s_(window_s / 2), bars_s_(scores.size()), bars_(scores.size()) {
    grow(0, window_s);
  }

  /// The window's front moves over `entering` while its end leaves `leaving`, until `end_s`.
  void slide(std::size_t leaving, std::size_t entering, double length_s, double end_s);

  /// Ends the last step.
  ScoreSteps steps() &&;

 private:
  void grow(std::size_t rank, double by_s);
  void drop_if_empty(std::size_t rank);
  void change(double time_s);

  std::span<const float> scores_;  // by rank
  double half_s_;
  std::vector<double> bars_s_;  // by rank
  RankSet bars_;                // that are there
  std::size_t median_ = 0;
  double below_s_ = 0;  // of the bars below the median
  ScoreSteps steps_;
};

void SlidingMedian::slide(std::size_t leaving, std::size_t entering, double length_s,
                          double end_s) {
  if (leaving == entering) return;
  grow(entering, length_s);
  grow(leaving, -length_s);
  for (double up_s = below_s_ + bars_s_[median_]; up_s < half_s_ - kClose;
       up_s += bars_s_[median_]) {
    median_ = bars_.after(median_);
    below_s_ = up_s;
    change(end_s - (half_s_ - up_s));
  }
  while (below_s_ >= half_s_ - kClose) {
    const double since_s = below_s_ - half_s_;
    median_ = bars_.before(median_);
    below_s_ -= bars_s_[median_];
    change(end_s - since_s);
  }
  drop_if_empty(leaving);
}

void SlidingMedian::grow(std::size_t rank, double by_s) {
  bars_.insert(rank);
  bars_s_[rank] += by_s;
  if (rank < median_) below_s_ += by_s;
}

void SlidingMedian::drop_if_empty(std::size_t rank) {
  if (rank == median_ || bars_s_[rank] >= kClose) return;
  if (rank < median_) below_s_ -= bars_s_[rank];
  bars_s_[rank] = 0;
  bars_.erase(rank);
}

/// Of several changes at one moment the last one holds.
void SlidingMedian::change(double time_s) {
  const double time = rounded(time_s, 1e6);
  if (steps_.scores.empty() || time > steps_.boundaries_s.back() + kClose) {
    steps_.boundaries_s.push_back(time);
    steps_.scores.push_back(scores_[median_]);
  } else {
    steps_.scores.back() = scores_[median_];
  }
}

/// The clip's end is the last change; the score after it is that of what is outside.
ScoreSteps SlidingMedian::steps() && {
  if (!steps_.scores.empty()) steps_.scores.pop_back();
  if (steps_.scores.empty()) return {};
  return std::move(steps_);
}

}  // namespace

SecondsMedian::SecondsMedian(std::span<const float> scores, std::span<const double> boundaries_s)
    : boundaries_s_(boundaries_s), distinct_{kOutside}, ranks_(scores.size() + 2) {
  const auto order = descending_order(scores);
  for (std::size_t i = order.size(); i-- > 0;) {
    const float score = scores[order[i].index()];
    if (distinct_.back() != score) distinct_.push_back(score);
    ranks_[order[i].index() + 1] = static_cast<std::uint32_t>(distinct_.size() - 1);
  }
}

ScoreSteps SecondsMedian::filter(double window_s) const {
  const std::size_t count = boundaries_s_.size();
  const auto moment = [&](std::size_t i, double shift_s) {
    return i < count ? rounded(boundaries_s_[i] + shift_s, 1e8)
                     : std::numeric_limits<double>::infinity();
  };
  SlidingMedian median(distinct_, window_s);
  double enter_s = moment(0, -window_s / 2), leave_s = moment(0, window_s / 2);
  double start_s = enter_s;
  for (std::size_t entered = 0, left = 0; left < count;) {
    const bool is_entry = enter_s <= leave_s;
    const double end_s = is_entry ? enter_s : leave_s;
    if (end_s - start_s >= kClose) {
      median.slide(ranks_[left], ranks_[entered], end_s - start_s, end_s);
      start_s = end_s;
    }
    if (is_entry) {
      enter_s = moment(++entered, -window_s / 2);
    } else {
      leave_s = moment(++left, window_s / 2);
    }
  }
  return std::move(median).steps();
}

}  // namespace claptools
