#include <gtest/gtest.h>

#include <cmath>

#include "claptools/metrics/sed/event_lists.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using testing::data_error;
using Strings = std::vector<std::string>;

class SmallLists : public ::testing::Test {
 protected:
  static std::vector<EventRow> rows(const std::string& text) {
    return parse_event_rows(testing::parse_table("filename,onset,offset,event_label\n" + text),
                            "table");
  }
  std::string truth_error(const std::string& text) const {
    return data_error([&] { match_event_truth(rows(text), "truth", durations, "durations"); });
  }

  std::vector<std::pair<std::string, double>> durations{{"a.wav", 10}, {"b.wav", 10}};
};

TEST_F(SmallLists, BadTruthIsNamed) {
  EXPECT_EQ(truth_error("a.wav,1,2,x\nb.wav,3,4,x\n"), "no error");
  EXPECT_EQ(truth_error("a.wav,1,2,x\na.wav,2,4,x\n"), "no error");
  EXPECT_EQ(truth_error("a.wav,1,3,x\na.wav,2,4,x\n"),
            "truth: clip 'a.wav' has events of 'x' that overlap");
  EXPECT_EQ(truth_error("a.wav,1,1,x\n"), "truth: 'a.wav' has an event of no length");
  EXPECT_EQ(truth_error("c.wav,1,2,x\n"),
            "truth: file 'c.wav' is not among those with a duration, such as 'a.wav'");
  EXPECT_EQ(truth_error("a.wav,,,\n"), "truth: no event");
  durations.emplace_back("a.wav", 10);
  EXPECT_EQ(truth_error("a.wav,1,2,x\n"), "no error");
  durations.emplace_back("a.wav", 9);
  EXPECT_EQ(truth_error("a.wav,1,2,x\n"), "durations: 'a.wav' has two durations");
}

TEST_F(SmallLists, MeetingDetections) {
  const auto truth = match_event_truth(rows("a.wav,1,2,x\n"), "truth", durations, "durations");
  const auto detected =
      rows("a.wav,3,5,x\na.wav,4,6,x\na.wav,6,7,x\nb.wav,3,3,x\nb.wav,1,2,y\nc.wav,1,2,x\n");
  EXPECT_EQ(data_error([&] { match_event_list(detected, "det", 0.5, truth); }),
            "det: clip 'a.wav' has events of 'x' that overlap");
  const auto list = match_event_list(detected, "det", 0.5, truth, MeetingEvents::merge);
  ASSERT_EQ(list.events.size(), 1U);
  EXPECT_EQ(list.events[0].onset_s, 3);
  EXPECT_EQ(list.events[0].offset_s, 7);
}

/// A mean over no other class is 0, and a class without events takes no part in the mean.
TEST_F(SmallLists, CrossTriggersNeedAnotherClass) {
  const Strings more{"silent"};
  const auto truth = match_event_truth(rows("a.wav,1,2,x\na.wav,4,6,y\n"), "truth", durations,
                                       "durations", MeetingEvents::refuse_but_touch, more);
  const auto list = match_event_list(rows("a.wav,4,6,x\n"), "det", 0.5, truth);
  const EventTotals totals(truth.truth);
  const EventCounts counts = count_event_list(truth.truth, list, {});
  EXPECT_EQ(counts.at(1, 2), 1U);  // classes are silent, x, y
  const auto points = psd_points({&counts, 1}, totals, 1);
  EXPECT_EQ(points[1][0].efpr, 3600 / 20.0 + 3600 / 2.0);
  EXPECT_EQ(points[0][0].efpr, 0);
}

TEST_F(SmallLists, ThresholdsAreNamedWithThreeDecimals) {
  const auto truth = match_event_truth(rows("a.wav,1,2,x\n"), "truth", durations, "durations");
  const EventList list = match_event_list({}, "det", 0.25, truth);
  const auto found = testing::totals(to_metrics(score_event_lists(truth, {&list, 1})));
  EXPECT_EQ(found.at("f_score.0.250.macro"), 0);
  EXPECT_TRUE(std::isnan(found.at("f_score_dtc05.0.250.macro")));
  EXPECT_TRUE(std::isnan(found.at("dtc05_ct0_st0_no_max")));
  EXPECT_EQ(found.at("psds1"), 0);
}

}  // namespace
}  // namespace claptools
