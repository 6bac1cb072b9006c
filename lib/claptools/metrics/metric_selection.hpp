#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace claptools {

/// The metrics asked for, none meaning all. A name stands for itself and its parts, which have a
/// point and more after it: "t2a" for "t2a.r1", "psds1" for "psds1.max_efpr".
class MetricSelection {
 public:
  MetricSelection() = default;
  explicit MetricSelection(std::vector<std::string> names) : names_(std::move(names)) {}

  /// Whether `metric` is asked for.
  bool has(std::string_view metric) const;

  /// Whether `metric`, or a part of it, is asked for.
  bool needs(std::string_view metric) const;

 private:
  std::vector<std::string> names_;
};

/// Whether `part` is `whole` or a part of it.
bool is_part_of(std::string_view part, std::string_view whole);

}  // namespace claptools
