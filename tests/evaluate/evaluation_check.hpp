#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"
#include "claptools/metrics/metric_selection.hpp"
#include "metrics/metric_files.hpp"

namespace claptools::testing {

/// A folder of the metric goldens that are committed.
inline std::string case_folder(const std::string& name) {
  return std::string(CLAPTOOLS_TEST_DATA) + "/metrics/" + name + "/";
}

inline void expect_value(double found, const nlohmann::json& expected, const std::string& where) {
  if (expected == "nan") {
    EXPECT_TRUE(std::isnan(found)) << where << " is " << found;
  } else if (expected == "inf" || expected == "-inf") {
    EXPECT_EQ(found, expected == "inf" ? HUGE_VAL : -HUGE_VAL) << where;
  } else {
    EXPECT_NEAR(found, expected.get<double>(), kTolerance) << where;
  }
}

/// The values by class of one metric.
inline std::map<std::string, double> by_class(const Evaluation& evaluation,
                                              const std::string& metric) {
  std::map<std::string, double> values;
  for (const MetricValue& v : evaluation.values) {
    if (v.metric == metric && !v.class_name.empty()) values[v.class_name] = v.value;
  }
  return values;
}

/// Each metric given is one of `names`, or a part of one, and each of these is given.
inline void expect_names(const Evaluation& evaluation, const std::vector<std::string>& names) {
  std::set<std::string> absent(names.begin(), names.end());
  EXPECT_EQ(absent.size(), names.size()) << "duplicate name";
  for (const MetricValue& v : evaluation.values) {
    bool is_known = false;
    for (const std::string& name : names) {
      if (!is_part_of(v.metric, name)) continue;
      is_known = true;
      absent.erase(name);
    }
    EXPECT_TRUE(is_known) << v.metric;
  }
  EXPECT_EQ(absent, std::set<std::string>());
}

/// Finds an interval around a total. @return whether it holds the total.
inline bool has_interval(const Evaluation& evaluation, const std::string& metric) {
  const auto found = totals(evaluation.values);
  return found.at(metric + ".ci_low") <= found.at(metric) &&
         found.at(metric) <= found.at(metric + ".ci_high");
}

}  // namespace claptools::testing
