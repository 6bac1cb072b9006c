#include "claptools/tasks/csebbs/csebbs.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "claptools/tasks/detect.hpp"
#include "metrics/csebbs_files.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

using nlohmann::json;

const json& golden() {
  static const json values = testing::test_data("csebbs.json");
  return values;
}

TEST(Csebbs, BoxesOfSeriesAreThoseOfThePackage) {
  std::size_t number = 0;
  for (const json& series : golden()["series"]) {
    const std::vector<double> scores = series["scores"], times = series["times"];
    testing::expect_boxes(event_boxes(scores, times, testing::csebbs_parameters(series)),
                          series["boxes"], "series " + std::to_string(number++));
  }
  EXPECT_EQ(number, 12U);
}

TEST(Csebbs, BoxesOfClipsAreThoseOfThePackage) {
  for (const json& clip : golden()["clips"]) {
    const std::string id = clip["id"];
    const auto times = testing::csebbs_times(clip, golden()["hop"]);
    for (std::size_t c = 0; c < 4; ++c)
      testing::expect_boxes(event_boxes(testing::csebbs_scores(clip, c), times, {0.5, 0.2, 2}),
                            golden()["fixed"]["boxes"][id][c], id);
  }
}

TEST(Csebbs, TimesMayBeginLater) {
  const std::vector<double> scores{0, 0, 0.5, 0.75, 0, 0}, from_zero{0, 1, 2, 3, 4, 5, 6};
  std::vector<double> later = from_zero;
  for (double& time_s : later) time_s += 8;
  auto expected = event_boxes(scores, from_zero, {2, 1, 2});
  ASSERT_GE(expected.size(), 2U);
  EXPECT_EQ(expected[1].onset_s, 2);
  EXPECT_EQ(expected[1].offset_s, 4);
  EXPECT_NEAR(expected[1].confidence, 0.625, 1e-6);
  for (EventBox& box : expected) {
    box.onset_s += 8;
    box.offset_s += 8;
  }
  EXPECT_EQ(event_boxes(scores, later, {2, 1, 2}), expected);
}

TEST(Csebbs, DetectGivesTheBoxesAboveTheThreshold) {
  Matrix scores(8, 2);
  scores.data = {0, 0, .9F, 0, .3F, .2F, .9F, .2F, 0, 0, 0, 0, 0, .8F, 0, 0};
  const std::vector<std::string> labels{"dog", "rain"};
  const std::vector<double> thresholds{0.6, 0.3};
  const std::vector<CsebbsParameters> apart{{0.5, 0.2, 9}, {0.5, 0.2, 9}};
  const DetectOptions wide{.median_window = 7, .max_gap_s = 5};  // neither has an effect
  const auto events = detect(scores, 0.5, 3.75, labels, thresholds, wide, apart);
  EXPECT_EQ(events, (std::vector<Event>{{"dog", 0.5, 1, static_cast<float>(0.45 / 0.500001)},
                                        {"dog", 1.5, 2, static_cast<float>(0.45 / 0.500001)},
                                        {"rain", 3, 3.5, static_cast<float>(0.4 / 0.500001)}}));
  const std::vector<CsebbsParameters> merged{{0.5, 0.7, 9}, {0.5, 0.2, 9}};
  const auto fewer = detect(scores, 0.5, 3.75, labels, thresholds, {}, merged);
  ASSERT_EQ(fewer.size(), 2U);
  EXPECT_EQ(fewer[0].offset_s, 2);
  EXPECT_NEAR(fewer[0].score, 0.7, 1e-6);
  const auto peaks = find_peaks(scores, 0.5, 3.75, {}, merged);
  EXPECT_NEAR(peaks[0].score, 0.7, 1e-6);
  EXPECT_EQ(peaks[1].time_s, 3);
}

const std::vector<std::string> kLabels{"dog", "rain\tor shine"};

std::vector<CsebbsParameters> parse(const std::string& text) {
  std::istringstream in(text);
  return read_csebbs_parameters(in, "p.tsv", kLabels, {});
}

std::string refusal(const std::string& text) {
  return testing::message_of(Fault::data, [&] { parse(text); });
}

TEST(CsebbsParameters, AreReadAsTheyAreWritten) {
  const CsebbsParameters first{0.32, 0.15, HUGE_VAL}, second{0.64, HUGE_VAL, 1.5};
  const std::vector<ClassCsebbs> written{{kLabels[1], second}, {kLabels[0], first}};
  EXPECT_EQ(parse(csebbs_table(written)), (std::vector{first, second}));
}

TEST(CsebbsParameters, OfAbsentLabelsAreTheOthers) {
  EXPECT_EQ(parse("label,merge_threshold_rel,merge_threshold_abs,step_filter_length\n"
                  "dog,3,inf,0.25\n"),
            (std::vector<CsebbsParameters>{{0.25, HUGE_VAL, 3}, {0.5, 1, 2}}));
}

TEST(CsebbsParameters, NameTheLineAtFault) {
  const std::string header =
      "label\tstep_filter_length\tmerge_threshold_abs\tmerge_threshold_rel\n";
  for (const char* numbers : {"0\t1\t1", "-1\t1\t1", "x\t1\t1", "inf\t1\t1", "nan\t1\t1",
                              "3601\t1\t1", "1\t-1\t1", "1\t1\tnan", "1\t1\t", "1\t1\t-0.5"}) {
    EXPECT_EQ(refusal(header + "dog\t" + numbers + "\n"),
              "p.tsv: line 2: 'dog' needs a length above 0 (s) and two thresholds of at least 0")
        << numbers;
  }
  EXPECT_EQ(refusal(header + "cat\t1\t1\t1\n"), "p.tsv: line 2: 'cat' is not one of the labels");
  EXPECT_EQ(refusal(header + "dog\t1\t1\t1\ndog\t1\t1\t1\n"), "p.tsv: line 3: 'dog' occurs twice");
  EXPECT_NE(refusal("label\tstep_filter_length\tmerge_threshold_abs\n").find("merge_threshold_rel"),
            std::string::npos);
}

}  // namespace
}  // namespace claptools
