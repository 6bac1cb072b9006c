#include "claptools/metrics/boxes/csebbs_tuning.hpp"

#include <gtest/gtest.h>

#include "claptools/metrics/sed/detection_scores.hpp"
#include "metrics/csebbs_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;

/// The clips of csebbs.json.
struct Clips {
  json golden = testing::test_data("csebbs.json");
  std::vector<std::string> classes = golden["classes"];
  GroundTruth truth;
  DetectionFrames frames{{0, 1, 2, 3}};

  Clips() {
    truth.classes = {0, 1, 2, 3};
    for (const json& clip : golden["clips"]) {
      const std::size_t number = truth.clips.size();
      truth.clips.push_back(number);
      truth.durations_s.push_back(clip["duration"]);
      for (const json& event : clip["events"]) {
        const auto c = std::ranges::find(classes, event[2].get<std::string>()) - classes.begin();
        truth.events.push_back({number, static_cast<std::size_t>(c), event[0], event[1]});
      }
      Matrix scores = testing::to_matrix(clip["scores"]);
      for (float& score : scores.data) score /= 128;
      frames.append(scores, testing::csebbs_times(clip, golden["hop"]), "");
    }
    truth.events = separate_events(truth.events, MeetingEvents::refuse, "truth", classes, classes);
  }

  std::vector<CsebbsParameters> parameters(const json& by_class) const {
    std::vector<CsebbsParameters> own;
    for (const std::string& name : classes)
      own.push_back(testing::csebbs_parameters(by_class[name]));
    return own;
  }
};

const Clips& clips() {
  static const Clips read;
  return read;
}

void expect_metrics(std::span<const CsebbsParameters> parameters, const json& expected) {
  const auto& [golden, classes, truth, frames] = clips();
  const DetectionFrames boxed = box_frames(frames, truth, parameters);
  const MetricValues found = to_metrics(score_detection(boxed, truth), classes);
  std::size_t compared = 0;
  for (const MetricValue& v : found) {
    if (!expected.contains(v.metric)) continue;
    const json& own = expected[v.metric];
    const json& by_class = own.contains("f") ? own["f"] : own["per_class"];
    const json& value = v.class_name.empty() ? own["value"] : by_class[v.class_name];
    EXPECT_NEAR(v.value, value.get<double>(), testing::kTolerance) << v.metric << v.class_name;
    ++compared;
  }
  EXPECT_EQ(compared, 22U) << "two totals, and five metrics of four classes";
}

TEST(CsebbsTuning, MetricsOfBoxesAreThoseOfThePackage) {
  const std::vector<CsebbsParameters> all(4, {0.5, 0.2, 2});
  expect_metrics(all, clips().golden["fixed"]["metrics"]);
}

TEST(CsebbsTuning, MetricsOfTunedBoxesAreThoseOfThePackage) {
  expect_metrics(clips().parameters(clips().golden["tuned"]["parameters"]),
                 clips().golden["tuned"]["metrics"]);
}

void expect_choice(const CsebbsGrid& grid, const json& expected, std::size_t threads) {
  const auto& [golden, classes, truth, frames] = clips();
  const auto tuned = tune_csebbs(frames, truth, grid, threads);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    EXPECT_EQ(tuned[c].parameters, testing::csebbs_parameters(expected[classes[c]])) << classes[c];
    EXPECT_NEAR(tuned[c].psds1, expected[classes[c]]["psds1"].get<double>(), testing::kTolerance);
  }
}

TEST(CsebbsTuning, ChoosesAsThePackage) {
  expect_choice({}, clips().golden["tuned"]["parameters"], 1);
  expect_choice({{0.5, 1}, {0.3, 0.6}, {1.25, 1.75}}, clips().golden["other"], 3);
}

TEST(CsebbsTuning, WhatIsInNoBoxIsNeverDetected) {
  const auto& [golden, classes, truth, frames] = clips();
  DetectionFrames none(truth.classes);
  for (const double duration_s : truth.durations_s)
    none.append_boxes(std::vector<std::vector<EventBox>>(4), duration_s);
  none.rank();
  const DetectionScores scores = score_detection(none, truth);
  EXPECT_EQ(scores.psds.at(0).second.psds, 0);
  for (const auto& [name, f] : scores.f_scores) {
    if (name.starts_with("segment"))
      continue;  // all are, below any score, as sed_scores_eval has it
    EXPECT_EQ(f.micro.f, 0) << name;
  }
}

}  // namespace
}  // namespace claptools
