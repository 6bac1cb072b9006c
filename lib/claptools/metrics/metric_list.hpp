// Internal to the room: the totals of each kind of scores under their names, in one list.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// A total under its name; none where the scores do not define it.
template <class Scores>
struct Total {
  const char* name;
  std::optional<double> (*of)(const Scores& scores);
};

/// A member of the scores as a total.
template <class Scores, auto kMember>
std::optional<double> member(const Scores& scores) {
  if constexpr (requires { (scores.*kMember).has_value(); }) {
    return scores.*kMember;
  } else {
    return static_cast<double>(scores.*kMember);
  }
}

template <class List>
void append_names(const List& list, std::vector<std::string>& names) {
  for (const auto& entry : list) names.emplace_back(entry.name);
}

template <class Scores, std::size_t kCount>
void append_totals(const std::array<Total<Scores>, kCount>& list, const Scores& scores,
                   MetricValues& values) {
  for (const Total<Scores>& total : list) {
    if (const auto value = total.of(scores)) values.push_back({total.name, "", *value});
  }
}

}  // namespace claptools
