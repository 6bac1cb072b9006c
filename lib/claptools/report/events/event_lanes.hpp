#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "claptools/report/plots.hpp"

namespace claptools {

/// What an events plot shows of one class.
struct EventLane {
  std::string name;
  std::optional<std::size_t> column;  ///< of the frame scores; none for a label that is not scored
  std::vector<Event> truth;
  std::vector<Event> detected;
};

struct EventLanes {
  std::vector<EventLane> shown;  ///< in the order of the classes
  std::size_t total = 0;
};

/// At most `limit` lanes: first those with events, then those with the highest scores.
EventLanes choose_lanes(const EventsPlot& plot, std::size_t limit);

}  // namespace claptools
