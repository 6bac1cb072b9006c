#pragma once

#include <string>
#include <vector>

namespace claptools {

/// One value of an evaluation, as clap-eval prints it.
struct MetricValue {
  std::string metric;
  std::string class_name;  ///< empty for a total
  double value = 0;
};

using MetricValues = std::vector<MetricValue>;

}  // namespace claptools
