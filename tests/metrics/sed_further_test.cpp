#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "claptools/metrics/sed/detection_scores.hpp"
#include "metrics/sed_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::SedFiles;

using Values = std::map<std::string, double>;  // by "metric" or "metric/class"

Values values_of(const DetectionScores& scores, const std::vector<std::string>& classes) {
  Values values;
  for (const MetricValue& v : to_metrics(scores, classes))
    values[v.metric + (v.class_name.empty() ? "" : "/") + v.class_name] = v.value;
  return values;
}

void expect_near(const Values& values, const std::string& name, const json& expected) {
  ASSERT_TRUE(values.contains(name)) << name;
  EXPECT_NEAR(values.at(name), expected.get<double>(), testing::kTolerance) << name;
}

/// By class, and averages: "mean" is the total itself, others are parts of the name.
void expect_classes(const Values& values, const std::string& name, const json& expected) {
  for (const auto& [item, value] : expected.items()) {
    const bool is_average = item == "macro_average";
    expect_near(values, item == "mean" ? name : name + (is_average ? "." : "/") + item, value);
  }
}

/// One metric of a golden file; those at another threshold are not looked at.
void expect_metric(const Values& values, const std::string& threshold, const std::string& key,
                   const json& expected) {
  const std::size_t at = key.find('@');
  if (at != key.npos) {
    if (key.substr(at + 1) == threshold)
      expect_classes(values, key.substr(0, at) + "_at", expected);
  } else if (expected.is_array()) {
    expect_near(values, key, expected.at(0));
    expect_classes(values, key, expected.at(1));
  } else if (expected.is_number()) {
    expect_near(values, key, expected);
  } else if (expected.contains("library_raises")) {
    EXPECT_TRUE(std::isfinite(values.at(key))) << "cross-triggers count as 0 without other classes";
  } else {
    expect_classes(values, key, expected);
  }
}

void expect_case(const std::string& inputs, const std::string& golden) {
  SCOPED_TRACE(inputs);
  const SedFiles files(inputs);
  const json expected = testing::read_json(golden);
  EXPECT_EQ(expected.size(), 12U);
  const GroundTruth truth = files.truth();
  const DetectionFrames frames = files.frames(truth);
  for (const char* threshold : {"0.3", "0.5"}) {
    DetectionOptions options;
    options.threshold = std::stod(threshold);
    const Values values = values_of(score_detection(frames, truth, options), files.names(truth));
    for (const auto& [key, value] : expected.items()) expect_metric(values, threshold, key, value);
  }
}

TEST(FurtherDetection, SmallGoldensAgree) {
  const std::string data = std::string(CLAPTOOLS_TEST_DATA) + "/metrics/";
  for (const char* name :
       {"sed/edge_collar_boundary/", "sed/edge_constant_class/", "sed/edge_one_clip/",
        "sed/edge_ragged/", "sed/edge_tolerance_boundary/", "sed_further/six_classes_ties/"})
    expect_case(data + name, data + name + "further.json");
}

TEST(FurtherDetection, GoldensAgree) {
  const std::string inputs = testing::golden_folder("sed");
  const std::string goldens = std::string(CLAPTOOLS_SHARED) + "/metrics2/sed/";
  if (inputs.empty() || !std::filesystem::exists(goldens)) GTEST_SKIP() << "no metric goldens";
  std::size_t cases = 0;
  for (const std::string& name : testing::subfolders(inputs)) {
    if (testing::read_json(goldens + name + ".json")["mpauc"].contains("library_raises")) continue;
    expect_case(inputs + name + "/", goldens + name + ".json");
    ++cases;
  }
  EXPECT_GE(cases, 8U);
}

/// What the library refuses and our options let in has a value for each name.
TEST(FurtherDetection, DroppedClassesAndMergedEventsAreScored) {
  for (const char* name : {"edge_class_without_events", "edge_overlapping_ground_truth"}) {
    SCOPED_TRACE(name);
    const SedFiles files(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/sed/" + name + "/");
    GroundTruthOptions how;
    how.meeting = MeetingEvents::merge;
    how.drop_classes_without_events = true;
    const GroundTruth truth = files.truth(how);
    const Values values =
        values_of(score_detection(files.frames(truth), truth), files.names(truth));
    for (const std::string& metric : further_detection_metrics()) {
      const bool has_averages = metric.find("error_rate") != metric.npos;
      const std::string total = has_averages ? metric + ".micro_average" : metric;
      ASSERT_TRUE(values.contains(total)) << total;
      EXPECT_TRUE(std::isfinite(values.at(total))) << total;
    }
  }
}

/// By sed_eval and sed_scores_eval: tests/data/metrics/sed_further/at_threshold.py.
TEST(FurtherDetection, OneThresholdAgrees) {
  const SedFiles files(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/sed_further/six_classes_ties/");
  const json expected = testing::test_data("sed_further/at_threshold.json");
  const GroundTruth truth = files.truth();
  DetectionOptions options;
  options.threshold = expected.at("threshold");
  const Values values =
      values_of(score_detection(files.frames(truth), truth, options), files.names(truth));
  EXPECT_EQ(expected.at("values").size(), 3U);
  for (const auto& [name, value] : expected.at("values").items()) expect_near(values, name, value);
}

/// What --metric leaves out changes nothing of what it lets through.
TEST(FurtherDetection, EachAloneIsTheSame) {
  const SedFiles files(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/sed/edge_ragged/");
  const GroundTruth truth = files.truth();
  const DetectionFrames frames = files.frames(truth);
  const Values all = values_of(score_detection(frames, truth), files.names(truth));
  for (const std::string& name : further_detection_metrics()) {
    DetectionOptions options;
    options.psds.clear();
    options.metrics = MetricSelection({name});
    const Values one = values_of(score_detection(frames, truth, options), files.names(truth));
    const bool is_ranking =
        name == "mpauc" || name.find("segment_a") == 0 || name == "mpauc_mcclish";
    EXPECT_GE(one.size(), 4U) << name;
    for (const auto& [key, value] : one) {
      EXPECT_TRUE(is_ranking || key.starts_with(name)) << key;
      EXPECT_EQ(value, all.at(key)) << key;
    }
  }
}

/// Two classes of different best thresholds: with their own each has the F1 of `*_best`.
TEST(FurtherDetection, EachClassMayHaveItsThreshold) {
  const SedFiles files(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/sed_further/six_classes_ties/");
  const GroundTruth truth = files.truth();
  const DetectionFrames frames = files.frames(truth);
  DetectionOptions options;
  const DetectionScores best = score_detection(frames, truth, options);
  const auto of = [](const DetectionScores& scores, const std::string& name) {
    return std::ranges::find(scores.f_scores, name, [](const auto& f) { return f.first; })->second;
  };
  for (const ClassFScore& c : of(best, "segment_f1_best").per_class)
    options.thresholds.push_back(c.threshold);
  const DetectionScores own = score_detection(frames, truth, options);
  EXPECT_EQ(of(own, "segment_f1_at").macro.f, of(best, "segment_f1_best").macro.f);
  EXPECT_NE(of(best, "segment_f1_at").macro.f, of(best, "segment_f1_best").macro.f);
  options.thresholds.pop_back();
  EXPECT_EQ(testing::data_error([&] { score_detection(frames, truth, options); }),
            "thresholds: not one for each class");
}

}  // namespace
}  // namespace claptools
