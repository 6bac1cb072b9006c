#include "claptools/evaluate/detection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "claptools/store/scores/score_file.hpp"
#include "evaluate/evaluation_check.hpp"
#include "metrics/csebbs_files.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::StartsWith;

DetectionTask detection(const std::string& name) {
  const std::string folder = testing::case_folder("sed/" + name);
  return {.scores = folder + "scores.h5",
          .truth = folder + "ground_truth.tsv",
          .durations = folder + "durations.tsv"};
}

EventListTask event_lists(const std::string& name) {
  const std::string folder = testing::case_folder("events/" + name);
  return {.events = {{0.5, folder + "detections/op_0.500.tsv"}},
          .truth = folder + "ground_truth.tsv",
          .durations = folder + "durations.tsv"};
}

/// PSDS and averages of F-scores, under one filter, of all clips.
void expect_metrics(const Evaluation& found, const json& expected) {
  const auto totals = testing::totals(found.values);
  for (const auto& [name, value] : expected.items()) {
    if (value.contains("value")) {
      testing::expect_value(totals.at(name), value["value"], name);
    } else {
      testing::expect_value(totals.at(name + ".macro_average"), value["f"]["macro_average"], name);
      testing::expect_value(totals.at(name + ".micro_average"), value["f"]["micro_average"], name);
    }
  }
}

TEST(EvaluateDetection, ScoresAFileAgainstATruth) {
  const json expected =
      testing::read_json(testing::case_folder("sed/edge_ragged") + "expected.json");
  DetectionTask task = detection("edge_ragged");
  const Evaluation raw = evaluate(task);
  expect_metrics(raw, expected.at("raw").at("all_clips"));
  testing::expect_names(raw, metric_names(task));
  task.median_window = 3;
  expect_metrics(evaluate(task), expected.at("median3").at("all_clips"));
  task.drop_clips_without_events = true;
  expect_metrics(evaluate(task), expected.at("median3").at("only_clips_with_events"));
}

TEST(EvaluateDetection, ClassesWithoutEventsAreRefusedUnlessDropped) {
  DetectionTask task = detection("edge_class_without_events");
  EXPECT_THAT(testing::data_error([&] { evaluate(task); }), StartsWith(task.truth));
  task.drop_classes_without_events = true;
  const json expected =
      testing::read_json(testing::case_folder("sed/edge_class_without_events") + "expected.json");
  expect_metrics(evaluate(task), expected.at("when_class_is_dropped").at("raw").at("all_clips"));
}

TEST(EvaluateDetection, ComputesAndDrawsWhatIsAskedFor) {
  DetectionTask task = detection("edge_ragged");
  task.psds = {{"again", {{0.7, 0.7, {}}, 0, 1}}};
  task.options.metrics = MetricSelection({"again", "psds1"});
  Evaluation found = evaluate(task);
  auto totals = testing::totals(found.values);
  EXPECT_EQ(totals.at("again"), totals.at("psds1"));
  EXPECT_FALSE(totals.contains("psds2"));
  EXPECT_FALSE(totals.contains("event_f1_best.macro_average"));
  task.options.with_plots = true;
  EXPECT_EQ(evaluate(task).plots.size(), 5U) << "the other PSDS, too";
}

/// The clips of csebbs.json as files.
class BoxFiles {
 public:
  BoxFiles() {
    ScoreHeader header;
    header.hop_s = golden_["hop"];
    header.classes = golden_["classes"].get<std::vector<std::string>>();
    header.prompts = header.classes;
    ScoreWriter writer(task().scores, header, false);
    std::ofstream truth(task().truth), durations(task().durations);
    truth << "filename\tonset\toffset\tevent_label\n";
    durations << "filename\tduration\n";
    for (const json& clip : golden_["clips"]) {
      const std::string id = clip["id"];
      Matrix scores = testing::to_matrix(clip["scores"]);
      for (float& score : scores.data) score /= 128;
      writer.append(id, scores, {});
      durations << id << '\t' << clip["duration"] << '\n';
      if (clip["events"].empty()) truth << id << "\t\t\t\n";
      for (const json& event : clip["events"])
        truth << id << '\t' << event[0] << '\t' << event[1] << '\t' << event[2].get<std::string>()
              << '\n';
    }
    writer.commit();
  }

  DetectionTask task() const {
    const std::string folder = folder_.path().string();
    return {.scores = folder + "/scores.h5",
            .truth = folder + "/truth.tsv",
            .durations = folder + "/durations.tsv"};
  }

  const json& golden() const { return golden_; }

  void expect_psds1(const Evaluation& found, const char* key) const {
    const json& psds1 = golden_[key]["metrics"]["psds1"];
    testing::expect_value(testing::totals(found.values).at("psds1"), psds1["value"], key);
    for (const auto& [name, value] : testing::by_class(found, "psds1"))
      testing::expect_value(value, psds1["per_class"][name], name);
  }

 private:
  testing::TempDir folder_;
  json golden_ = testing::test_data("csebbs.json");
};

TEST(EvaluateDetection, ScoresBoundingBoxes) {
  const BoxFiles files;
  DetectionTask task = files.task();
  task.boxes = BoxOptions{{0.5, 0.2, 2}, "", {}};
  const Evaluation found = evaluate(task);
  files.expect_psds1(found, "fixed");
  EXPECT_EQ(found.provenance.back(), std::pair(std::string("post"), std::string("csebbs")));
  task.options.resamples = 20;
  EXPECT_TRUE(testing::totals(evaluate(task).values).contains("psds1.ci_low"));
  task.median_window = 3;
  EXPECT_THROW(evaluate(task), Error);
}

TEST(EvaluateDetection, TunesBoundingBoxesAndReadsWhatItChose) {
  const BoxFiles files;
  DetectionTask task = files.task();
  task.boxes = BoxOptions{{}, "", CsebbsGrid{}};
  task.options.threads = 2;
  const Evaluation tuned = evaluate(task);
  files.expect_psds1(tuned, "tuned");
  ASSERT_EQ(tuned.boxes.size(), 4U);
  for (const auto& [label, parameters] : tuned.boxes)
    EXPECT_EQ(parameters, testing::csebbs_parameters(files.golden()["tuned"]["parameters"][label]));
  const testing::TempDir folder;
  const std::string file = (folder.path() / "parameters.tsv").string();
  std::ofstream(file) << csebbs_table(tuned.boxes);
  task.boxes = BoxOptions{{}, file, {}};
  files.expect_psds1(evaluate(task), "tuned");
}

std::string further_folder() { return testing::case_folder("sed_further/six_classes_ties"); }

DetectionTask further_detection() {
  const std::string folder = further_folder();
  return {.scores = folder + "scores.h5",
          .truth = folder + "ground_truth.tsv",
          .durations = folder + "durations.tsv"};
}

/// Intervals by sed_scores_eval and NumPy: tests/data/metrics/sed_further/bootstrap.py.
TEST(EvaluateDetection, BalancedIntervalsAreThoseOfTheLibrary) {
  const json expected = testing::read_json(testing::case_folder("sed_further") + "bootstrap.json");
  DetectionTask task = further_detection();
  std::vector<std::string> names;
  for (const auto& [name, interval] : expected.at("intervals").items()) names.push_back(name);
  task.options.metrics = MetricSelection(names);
  task.options.resamples = 100;
  task.options.resampling = ResamplingScheme::balanced;
  task.options.threads = 2;
  const auto found = testing::totals(evaluate(task).values);
  for (const auto& [name, interval] : expected.at("intervals").items()) {
    testing::expect_value(found.at(name + ".ci_low"), interval[0], name);
    testing::expect_value(found.at(name + ".ci_high"), interval[1], name);
  }
}

/// The file of thresholds that another set's evaluation gives.
TEST(EvaluateDetection, ClassesMayHaveTheirOwnThresholds) {
  const testing::TempDir temp;
  DetectionTask task = further_detection();
  task.options.thresholds_of = "segment_f1_best";
  const Evaluation best = evaluate(task);
  std::string lines;
  for (const auto& [label, threshold] : best.thresholds)
    lines += label + "\t" + json(threshold).dump() + "\n";
  testing::write_bytes(temp / "thresholds.tsv", lines);
  task.thresholds = temp / "thresholds.tsv";
  task.options.resamples = 3;
  const auto found = testing::totals(evaluate(task).values);
  const double best_f1 = testing::totals(best.values).at("segment_f1_best.macro_average");
  EXPECT_NEAR(found.at("segment_f1_at.macro_average"), best_f1, testing::kTolerance);
  const std::string errors = "collar_error_rate_at.macro_average";
  EXPECT_NE(found.at(errors), testing::totals(best.values).at(errors));
  testing::write_bytes(temp / "thresholds.tsv", "Ghost\t0.5\n");
  EXPECT_THAT(testing::data_error([&] { evaluate(task); }), StartsWith(task.thresholds));
}

TEST(EvaluateDetection, RefusesAPsdsWhoseNameIsTaken) {
  DetectionTask task = detection("edge_ragged");
  task.psds = {{"event_f1_at", {}}};
  EXPECT_THROW(metric_names(task), Error);
  EXPECT_EQ(testing::message_of(Fault::usage, [&] { evaluate(task); }),
            "`psds`: there is another 'event_f1_at'; set `psds.name`");
}

TEST(EvaluateEventLists, ScoresListsAgainstATruth) {
  for (const char* name : {"edge_exact_half", "edge_cross_trigger"}) {
    SCOPED_TRACE(name);
    const Evaluation found = evaluate(event_lists(name));
    const json expected = testing::read_json(testing::case_folder("events/" + std::string(name)) +
                                             "expected.json")["psds_eval_0.5.3"];
    const auto totals = testing::totals(found.values);
    for (const auto& [metric, value] : expected.items()) {
      if (metric == "f_score_dtc05") {
        const double macro = totals.at("f_score_dtc05.0.500.macro");
        testing::expect_value(macro, value["0.500"]["macro"], metric);
      } else {
        testing::expect_value(totals.at(metric), value["value"], metric);
      }
    }
    testing::expect_names(found, metric_names(event_lists(name)));
  }
}

TEST(EvaluateEventLists, FilesThatNoListNamesMayCountAsMissing) {
  EventListTask task = event_lists("edge_exact_half");
  EXPECT_THAT(evaluate(task).missing, ElementsAre());
  task.options.tolerate_missing = true;
  EXPECT_THAT(evaluate(task).missing, ElementsAre("b.wav"));
}

TEST(EvaluateEventLists, WarnsOfWhatIsLeftOut) {
  EventListTask task = event_lists("edge_detection_in_unlisted_file");
  std::vector<std::string> warnings;
  task.options.log = [&](LogLevel, std::string_view text) { warnings.emplace_back(text); };
  evaluate(task);
  EXPECT_THAT(warnings, ElementsAre(StartsWith(task.events[0].path + ": left out: ")));
}

TEST(EvaluateEventLists, APsdsAskedForMustBeDefined) {
  EventListTask task = event_lists("edge_exact_half");
  task.psds = {{"free", {{0.5, 0.5, 0.3}, 0, 0, {}}}};
  EXPECT_THAT(testing::data_error([&] { evaluate(task); }),
              StartsWith(task.truth + ": free is not defined"));
}

TEST(EvaluateEventLists, ATruthWithoutEventsHasTheClassesNamed) {
  EventListTask task = event_lists("edge_no_ground_truth");
  task.classes = {"x", "y"};
  EXPECT_EQ(testing::by_class(evaluate(task), "psds1").at("y"), 0);
}

TEST(EvaluateEventLists, NeedsAList) {
  EventListTask task = event_lists("edge_exact_half");
  task.events.clear();
  EXPECT_THROW(evaluate(task), Error);
}

}  // namespace
}  // namespace claptools
