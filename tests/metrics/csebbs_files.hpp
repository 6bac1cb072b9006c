#pragma once
// csebbs.json: what the package sebbs makes of scores (make_csebbs.py).

#include <cmath>
#include <string>
#include <vector>

#include "claptools/tasks/csebbs/csebbs.hpp"
#include "metrics/metric_files.hpp"

namespace claptools::testing {

inline double csebbs_number(const nlohmann::json& value) {
  return value == "inf" ? HUGE_VAL : value.get<double>();
}

inline CsebbsParameters csebbs_parameters(const nlohmann::json& value) {
  return {csebbs_number(value["step_filter_length"]), csebbs_number(value["merge_threshold_abs"]),
          csebbs_number(value["merge_threshold_rel"])};
}

/// The scores of one class of a clip.
inline std::vector<double> csebbs_scores(const nlohmann::json& clip, std::size_t c) {
  std::vector<double> scores;
  for (const auto& frame : clip["scores"]) scores.push_back(frame[c].get<double>() / 128);
  return scores;
}

inline std::vector<double> csebbs_times(const nlohmann::json& clip, double hop_s) {
  std::vector<double> times;
  for (std::size_t t = 0; t <= clip["scores"].size(); ++t)
    times.push_back(static_cast<double>(t) * hop_s);
  return times;
}

inline void expect_boxes(const std::vector<EventBox>& found, const nlohmann::json& expected,
                         const std::string& where) {
  ASSERT_EQ(found.size(), expected.size()) << where;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].onset_s, expected[i][0].get<double>(), kTolerance) << where;
    EXPECT_NEAR(found[i].offset_s, expected[i][1].get<double>(), kTolerance) << where;
    EXPECT_NEAR(found[i].confidence, expected[i][2].get<double>(), kTolerance) << where;
  }
}

}  // namespace claptools::testing
