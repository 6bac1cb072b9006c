#include "claptools/metrics/metric_selection.hpp"

#include <algorithm>

namespace claptools {

bool MetricSelection::has(std::string_view metric) const {
  return names_.empty() ||
         std::ranges::any_of(names_, [&](const auto& name) { return is_part_of(metric, name); });
}

bool MetricSelection::needs(std::string_view metric) const {
  return has(metric) ||
         std::ranges::any_of(names_, [&](const auto& name) { return is_part_of(name, metric); });
}

bool is_part_of(std::string_view part, std::string_view whole) {
  return part.starts_with(whole) && (part.size() == whole.size() || part[whole.size()] == '.');
}

}  // namespace claptools
