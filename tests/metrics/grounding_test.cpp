#include "claptools/metrics/grounding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::data_error;
using testing::kTolerance;
using Strings = std::vector<std::string>;
using Durations = std::vector<std::pair<std::string, double>>;

/// Of a clip with frames of equal length.
std::vector<double> boundaries(std::size_t frames, double seconds) {
  std::vector<double> times;
  for (std::size_t i = 0; i <= frames; ++i) {
    times.push_back(static_cast<double>(i) * seconds / static_cast<double>(frames));
  }
  return times;
}

/// The values that figures and counts have in expected.json.
void expect_totals(const GroundingScores& scores, const json& expected) {
  const auto found = testing::totals(to_metrics(scores));
  EXPECT_EQ(found.size(), 8U);
  for (const auto& [name, value] : found) {
    const json& wanted = expected.at(name);
    if (wanted == "nan") {
      EXPECT_TRUE(std::isnan(value)) << name;
    } else {
      EXPECT_NEAR(value, wanted.get<double>(), kTolerance) << name;
    }
  }
}

void expect_points(const GroundingScores& scores, const json& expected) {
  const json& curve = expected["precision_recall_dtc05_gtc05"];
  ASSERT_EQ(scores.points.size(), curve.size());
  ASSERT_EQ(scores.points.size(), expected["detections_per_threshold"].size());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const GroundingPoint& point = scores.points[i];
    EXPECT_NEAR(point.threshold, curve[i]["threshold"].get<double>(), 0);
    EXPECT_NEAR(point.threshold, expected["thresholds"][i].get<double>(), 0);
    EXPECT_NEAR(point.precision, curve[i]["precision"].get<double>(), kTolerance) << i;
    EXPECT_NEAR(point.recall, curve[i]["recall"].get<double>(), kTolerance) << i;
    EXPECT_EQ(point.detections, expected["detections_per_threshold"][i]) << i;
  }
}

void expect_case(const std::string& folder) {
  SCOPED_TRACE(folder);
  const json expected = testing::read_json(folder + "expected.json");
  const Strings items = testing::GoldenFile(folder + "scores.h5").strings("clip_ids");
  const double seconds = testing::GoldenFile(folder + "scores.h5").doubles("clip_seconds").at(0);
  const Matrix cosines = testing::read_matrix(folder + "scores.h5", "scores");
  ClipMatcher clips(items);
  const GroundTruth truth = match_grounding(
      read_table_file(folder + "ground_truth.tsv"), "ground_truth.tsv",
      parse_durations(read_table_file(folder + "durations.tsv"), "durations.tsv", "audio_id"),
      "durations.tsv", clips);
  EXPECT_EQ(expected["n_items"], items.size());
  EXPECT_EQ(expected["window"], GroundingOptions().median_window);
  EXPECT_EQ(expected["connect_frames"],
            std::ceil(GroundingOptions().join_gap_s / expected["frame_seconds"].get<double>()));
  EXPECT_EQ(expected["frame_seconds"], seconds / static_cast<double>(cosines.cols));
  GroundingScorer scorer(truth);
  for (std::size_t i = 0; i < truth.clips.size(); ++i) {
    scorer.add(i, cosines.row(truth.clips[i]), boundaries(cosines.cols, seconds));
  }
  const GroundingScores scores = scorer.scores();
  expect_totals(scores, expected);
  expect_points(scores, expected);
  // window, connect_frames, frame_seconds, thresholds, n_items, detections_per_threshold, the
  // curve, and the figure that is no norm
  EXPECT_EQ(expected.size(), 8U + 8U);
}

std::size_t expect_folder(const std::string& folder) {
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    expect_case(entry.path().string() + "/");
    ++cases;
  }
  return cases;
}

TEST(Grounding, SmallCases) {
  EXPECT_EQ(expect_folder(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/ground/"), 2U);
}

TEST(Grounding, AllCases) {
  const std::string folder = testing::golden_folder("ground");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  EXPECT_GE(expect_folder(folder), 3U);
}

class GroundingTable : public ::testing::Test {
 protected:
  GroundTruth match(const std::string& rows) const {
    ClipMatcher clips(items);
    return match_grounding(
        testing::parse_table("filename,onset,offset,event_label,audio_id\n" + rows), "truth",
        durations, "durations", clips);
  }
  std::string error(const std::string& rows) const {
    return data_error([&] { match(rows); });
  }

  Strings items{"1_0", "1_7", "2_0"};
  Durations durations{{"a.wav", 10}, {"b.wav", 8}};
};

TEST_F(GroundingTable, ItemsHaveTheLengthOfTheirAudio) {
  const GroundTruth truth =
      match("2_0,1,2,dog,b.wav\n1_0,0,0,cat,a.wav\n1_7,3,4,cat,a.wav\n1_7,0,3,cat,a.wav\n");
  EXPECT_EQ(truth.clips, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(truth.durations_s, (std::vector<double>{10, 8}));
  EXPECT_EQ(truth.events.size(), 3U);
  EXPECT_EQ(truth.classes.size(), 1U);
}

TEST_F(GroundingTable, FaultsAreNamed) {
  const std::string two = "1_0,1,2,x,a.wav\n1_7,1,2,x,a.wav\n";
  EXPECT_EQ(error(two + "2_0,0,0,x,b.wav\n"), "no error");
  EXPECT_EQ(error(two), "truth: no row for clip '2_0'");
  EXPECT_EQ(error(two + "2_0,1,2,x,c.wav\n"),
            "durations: audio 'c.wav' is not among those with a duration, such as 'a.wav'");
  EXPECT_EQ(error(two + "2_0,1,2,x,b.wav\n1_7,3,4,x,b.wav\n"), "truth: item '1_7' has two audios");
  EXPECT_EQ(error(two + "2_0,1,1,x,b.wav\n"), "truth: line 4, '2_0': an event of no length");
  EXPECT_EQ(error(two + "2_0,1,2,x,b.wav\n1_7,1,3,x,a.wav\n"),
            "truth: clip '1_7' has events of 'event' that overlap");
  durations.emplace_back("a.wav", 5);
  EXPECT_EQ(error(two + "2_0,0,0,x,b.wav\n"), "durations: audio 'a.wav' occurs twice");
}

TEST_F(GroundingTable, FramesMustFit) {
  const GroundTruth truth = match("1_0,1,2,x,a.wav\n1_7,0,0,x,a.wav\n2_0,0,0,x,b.wav\n");
  GroundingScorer scorer(truth);
  std::vector<float> cosines(4);
  const auto error = [&](std::span<const float> row, std::size_t frames) {
    return data_error([&] { scorer.add(0, row, boundaries(frames, 10)); });
  };
  EXPECT_EQ(error(cosines, 4), "no error");
  EXPECT_EQ(error(cosines, 3), "grounding scores: item 0 has 4 frames and 4 boundaries");
  EXPECT_EQ(error({}, 1), "grounding scores: item 0 has 0 frames and 2 boundaries");
  cosines[2] = std::nanf("");
  EXPECT_EQ(error(cosines, 4), "grounding scores: item 0 is not finite");
}

}  // namespace
}  // namespace claptools
