#include "claptools/report/events/event_lanes.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace claptools {
namespace {

class LaneTable {
 public:
  explicit LaneTable(const EventsPlot& plot) {
    for (std::size_t c = 0; c < plot.classes.size(); ++c) lane(plot.classes[c]).column = c;
  }

  EventLane& lane(const std::string& name) {
    const auto [at, is_new] = index_.try_emplace(name, lanes_.size());
    if (is_new) lanes_.push_back({.name = name, .column = {}, .truth = {}, .detected = {}});
    return lanes_[at->second];
  }

  std::vector<EventLane> take() { return std::move(lanes_); }

 private:
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<EventLane> lanes_;
};

/// Higher comes first.
double urgency(const EventLane& lane, MatrixView scores) {
  if (!lane.truth.empty() || !lane.detected.empty()) return std::numeric_limits<double>::infinity();
  double best = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; lane.column && i < scores.rows; ++i) {
    best = std::max<double>(best, scores.row(i)[*lane.column]);
  }
  return best;
}

}  // namespace

EventLanes choose_lanes(const EventsPlot& plot, std::size_t limit) {
  LaneTable table(plot);
  for (const Event& e : plot.detected) table.lane(e.label).detected.push_back(e);
  if (plot.truth) {
    for (const Event& e : *plot.truth) table.lane(e.label).truth.push_back(e);
  }
  std::vector<EventLane> all = table.take();
  EventLanes lanes{.shown = {}, .total = all.size()};
  std::vector<double> key;
  key.reserve(all.size());
  for (const EventLane& lane : all) key.push_back(urgency(lane, plot.frame_scores));
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return key[a] > key[b]; });
  order.resize(std::min(order.size(), limit));
  std::sort(order.begin(), order.end());
  for (const std::size_t i : order) lanes.shown.push_back(std::move(all[i]));
  return lanes;
}

}  // namespace claptools
