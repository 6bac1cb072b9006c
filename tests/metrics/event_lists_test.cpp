#include "claptools/metrics/sed/event_lists.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::data_error;
using ::testing::HasSubstr;
using testing::kTolerance;
using Strings = std::vector<std::string>;

/// A number, or one of the words "nan", "inf", "-inf".
double number(const json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

void expect_same(double found, const json& expected, const std::string& what) {
  const double value = number(expected);
  if (std::isnan(value)) {
    EXPECT_TRUE(std::isnan(found)) << what << ": " << found;
  } else {
    EXPECT_NEAR(found, value, kTolerance) << what;
  }
}

void expect_same(const std::vector<double>& found, const json& expected, const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i) expect_same(found[i], expected[i], what);
}

std::vector<EventRow> rows_of(const std::string& path) {
  return parse_event_rows(read_table_file(path, Delimiter::tab), path);
}

std::vector<std::pair<std::string, double>> durations_of(const std::string& path) {
  return parse_durations(read_table_file(path, Delimiter::tab), path);
}

const std::map<std::string, EventCriteria> kCriteria{{"psds1", {0.7, 0.7, 0.3}},
                                                     {"psds2", {0.1, 0.1, 0.3}},
                                                     {"dtc05_ct0_st0", {0.5, 0.5, 0.3}},
                                                     {"dtc05_ct1_st0", {0.5, 0.5, 0.3}},
                                                     {"dtc05_ct0_st0_no_max", {0.5, 0.5, 0.3}}};

/// A folder of the golden cases, evaluated.
struct Case {
  json expected;
  EventListTruth truth;
  std::vector<EventList> lists;
  EventListScores scores;

  explicit Case(const std::string& folder)
      : expected(testing::read_json(folder + "expected.json")) {
    const std::string file = folder + "ground_truth.tsv";
    const auto rows = rows_of(file);
    Strings classes;  // one has no event; its class is known from the outside
    if (rows.empty()) classes = expected["psds_eval_0.5.3"]["psds1"]["class_order"];
    truth = match_event_truth(rows, file, durations_of(folder + "durations.tsv"), "durations.tsv",
                              MeetingEvents::refuse_but_touch, classes);
    for (const auto& entry : std::filesystem::directory_iterator(folder + "detections")) {
      const std::string name = entry.path().stem().string();  // op_0.500
      lists.push_back(
          match_event_list(rows_of(entry.path().string()), name, std::stod(name.substr(3)), truth));
    }
    scores = score_event_lists(truth, lists);
  }

  /// Release 0.5.3 gives no cross-trigger rate for a single class; then the older one counts.
  const json& release() const {
    return expected[truth.classes.size() == 1 ? "psds_eval_0.3.0_legacy" : "psds_eval_0.5.3"];
  }
};

void expect_point(const EventCounts& counts, const EventTotals& totals, const json& expected) {
  ASSERT_EQ(expected["counts"].size(), counts.classes + 1);
  for (std::size_t i = 0; i <= counts.classes; ++i) {
    for (std::size_t j = 0; j <= counts.classes; ++j) {
      EXPECT_EQ(static_cast<double>(counts.at(i, j)), expected["counts"][i][j]) << i << ' ' << j;
    }
  }
  const EventRates rates = event_rates(counts, totals);
  expect_same(rates.tpr, expected["tpr"], "tpr");
  expect_same(rates.fpr, expected["fpr"], "fpr");
  for (std::size_t i = 0; i < counts.classes && counts.classes > 1; ++i) {
    expect_same(rates.ctr[i], expected["ctr"][i], "ctr");
  }
  EXPECT_EQ(expected.size(), 5U);  // and the threshold
}

void expect_points(const Case& c, const std::string& name, const json& points) {
  const EventTotals totals(c.truth.truth);
  for (const EventList& list : c.lists) {
    const auto same = [&](const json& p) {
      return std::abs(p["threshold"].get<double>() - list.threshold) < kTolerance;
    };
    const auto point = std::find_if(points.begin(), points.end(), same);
    ASSERT_NE(point, points.end()) << list.threshold;
    expect_point(count_event_list(c.truth.truth, list, kCriteria.at(name)), totals, *point);
  }
}

void expect_psds(const Case& c, const EventListPsds& psds, const json& expected) {
  SCOPED_TRACE(psds.name);
  EXPECT_EQ(expected.size(), 4U);
  EXPECT_EQ(c.scores.classes, expected["class_order"].get<Strings>());
  expect_same(psds.roc ? psds.roc->psds : std::nan(""), expected["value"], "value");
  EXPECT_NEAR(psds.roc ? psds.roc->max_efpr : 0, number(expected["max_efpr"]), kTolerance);
  expect_points(c, psds.name, expected["operating_points"]);
}

void expect_f(const Case& c, const json& expected) {
  EXPECT_EQ(expected.size(), c.lists.size());
  std::map<std::pair<std::string, std::string>, double> found;
  for (const MetricValue& v : to_metrics(c.scores)) found[{v.metric, v.class_name}] = v.value;
  for (const auto& [threshold, f] : expected.items()) {
    EXPECT_EQ(f.size(), 2U);
    expect_same(found.at({"f_score_dtc05." + threshold + ".macro", ""}), f["macro"], threshold);
    EXPECT_EQ(f["per_class"].size(), c.scores.classes.size());
    double sum = 0;
    for (const auto& [name, value] : f["per_class"].items()) {
      expect_same(found.at({"f_score_dtc05." + threshold, name}), value, name);
      const double own = found.at({"f_score." + threshold, name});
      expect_same(own, value == "nan" ? json(0) : value, name);
      sum += own;
    }
    EXPECT_NEAR(found.at({"f_score." + threshold + ".macro", ""}),
                sum / static_cast<double>(c.scores.classes.size()), kTolerance);
  }
}

void expect_case(const std::string& folder) {
  SCOPED_TRACE(folder);
  const Case c(folder);
  const json& release = c.release();
  EXPECT_EQ(release.size(), c.scores.psds.size() + 1);
  const auto totals = testing::totals(to_metrics(c.scores));
  for (const EventListPsds& psds : c.scores.psds) {
    expect_psds(c, psds, release[psds.name]);
    expect_same(totals.at(psds.name), release[psds.name]["value"], psds.name);
  }
  expect_f(c, release["f_score_dtc05"]);
}

/// Folders with detections, whatever their names.
std::size_t expect_folder(const std::string& folder) {
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!std::filesystem::exists(entry.path() / "detections")) continue;
    expect_case(entry.path().string() + "/");
    ++cases;
  }
  return cases;
}

TEST(EventLists, EdgeCases) {
  EXPECT_EQ(expect_folder(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/events/"), 12U);
}

TEST(EventLists, AllCases) {
  const std::string folder = testing::golden_folder("events");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  EXPECT_GE(expect_folder(folder), 13U);
}

/// The truth as it is, without the check for events that intersect: what release 0.3.0 does.
EventListTruth unchecked(const std::vector<EventRow>& rows,
                         const std::vector<std::pair<std::string, double>>& durations) {
  std::set<std::string> files, classes;
  for (const EventRow& row : rows) {
    files.insert(row.filename);
    if (!row.label.empty()) classes.insert(row.label);
  }
  for (const auto& [file, seconds] : durations) files.insert(file);
  EventListTruth matched{{files.begin(), files.end()}, {classes.begin(), classes.end()}, {}, {}};
  const auto position = [](const Strings& names, const std::string& name) {
    return static_cast<std::size_t>(std::ranges::lower_bound(names, name) - names.begin());
  };
  matched.truth.clips.resize(files.size());
  matched.truth.classes.resize(classes.size());
  matched.truth.durations_s.resize(files.size());
  for (const auto& [file, seconds] : durations) {
    matched.truth.durations_s[position(matched.files, file)] = seconds;
  }
  for (const EventRow& row : rows) {
    if (row.label.empty()) continue;
    matched.truth.events.push_back({position(matched.files, row.filename),
                                    position(matched.classes, row.label), row.onset_s,
                                    row.offset_s});
  }
  std::ranges::stable_sort(matched.truth.events, {}, &TruthEvent::clip);
  return matched;
}

/// psds_eval's own examples and what its tests assert.
class ShippedExamples : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::golden_folder("events").empty()) GTEST_SKIP() << "no metric goldens";
    folder = testing::golden_folder("events/shipped_psds_eval");
    expected = testing::read_json(folder + "expected.json");
  }

  EventListTruth truth_of(const std::string& truth, const std::string& durations,
                          MeetingEvents meeting = MeetingEvents::refuse_but_touch) const {
    return match_event_truth(rows_of(folder + truth), truth, durations_of(folder + durations),
                             durations, meeting);
  }
  EventList list_of(const std::string& name, double threshold, const EventListTruth& truth,
                    MeetingEvents meeting = MeetingEvents::refuse_but_touch) const {
    return match_event_list(rows_of(folder + name), name, threshold, truth, meeting);
  }
  /// Thresholds 0.1, 0.2, ... 1.0.
  std::vector<EventList> ten_lists(const EventListTruth& truth, MeetingEvents meeting) const {
    std::vector<EventList> lists;
    for (int i = 1; i <= 10; ++i) {
      const std::string name = "baseline_" + json(i / 10.0).dump() + ".csv";
      lists.push_back(list_of(name, i / 10.0, truth, meeting));
    }
    return lists;
  }

  std::string folder;
  json expected;
};

constexpr const char* kSmall =
    "psds(0.5,0.5,0.3; alpha_ct 0, alpha_st 0, max_efpr 100), metadata test.metadata";

TEST_F(ShippedExamples, OneOperatingPoint) {
  EXPECT_EQ(expected[kSmall].size(), 5U);
  for (const auto& [name, values] : expected[kSmall].items()) {
    const auto truth = truth_of(name + ".gt", "test.metadata");
    const EventTotals totals(truth.truth);
    const EventCounts counts =
        count_event_list(truth.truth, list_of(name + ".det", 0.5, truth), {});
    const auto roc = event_psds({&counts, 1}, totals, {});
    EXPECT_NEAR(roc->psds, values["asserted_by_their_tests"].get<double>(), kTolerance) << name;
    const json& release = values["psds_eval_0.5.3"];
    EXPECT_NEAR(roc->psds, release["value"].get<double>(), kTolerance) << name;
    expect_point(counts, totals, release["operating_points"][0]);
  }
}

TEST_F(ShippedExamples, TwoOperatingPoints) {
  const json& release = expected["two_operating_points_on_test_1.gt"]["psds_eval_0.5.3"];
  const auto truth = truth_of("test_1.gt", "test.metadata");
  const EventTotals totals(truth.truth);
  const auto check = [&](const std::string& other, const EventCriteria& criteria,
                         const json& values) {
    std::vector<EventCounts> counts;
    for (const std::string& name : {std::string("test_1.det"), other}) {
      counts.push_back(count_event_list(truth.truth, list_of(name, 0.5, truth), criteria));
      expect_point(counts.back(), totals, values["operating_points"][counts.size() - 1]);
    }
    EXPECT_NEAR(event_psds(counts, totals, {})->psds, values["value"].get<double>(), kTolerance);
  };
  EXPECT_EQ(release.size(), 2U);
  check("test_4.det", {0.5, 0.5, 0.3}, release[0]);
  check("test_1a.det", {1, 1, 1}, release[1]);
}

TEST_F(ShippedExamples, TenOperatingPointsMerged) {
  const json& values = expected["example_dcase2019_ten_operating_points"]
                               ["psds_eval_0.5.3, overlapping or touching events of one class "
                                "merged in ground truth and detections"];
  const auto merge = MeetingEvents::merge;
  const auto truth =
      truth_of("baseline_validation_gt.csv", "baseline_validation_metadata.csv", merge);
  const auto found = testing::totals(to_metrics(score_event_lists(truth, ten_lists(truth, merge))));
  EXPECT_EQ(values.size(), 4U);
  EXPECT_NEAR(found.at("psds1"), values["psds1"]["value"].get<double>(), kTolerance);
  EXPECT_NEAR(found.at("psds2"), values["psds2"]["value"].get<double>(), kTolerance);
  EXPECT_NEAR(found.at("dtc05_ct0_st0"), values["ct0_st0_max100"]["value"].get<double>(),
              kTolerance);
  EXPECT_NEAR(found.at("dtc05_ct1_st0"), values["ct1_st0_max100"]["value"].get<double>(),
              kTolerance);
}

TEST_F(ShippedExamples, FScoreOfTheirTest) {
  const auto rows = rows_of(folder + "baseline_validation_gt.csv");
  const json& values = expected["f_score(0.5,0.5,0.3) baseline_validation_AA_0.005.csv"];
  for (const std::string name : {"test.metadata", "baseline_validation_metadata.csv"}) {
    const auto truth = unchecked(rows, durations_of(folder + name));
    const EventList list =
        list_of("baseline_validation_AA_0.005.csv", 0, truth);  // its detections do not intersect
    const auto f =
        event_list_f(count_event_list(truth.truth, list, {}), EventTotals(truth.truth), 0);
    const json& release = values["psds_eval_0.3.0_legacy with " + name];
    EXPECT_NEAR(f.macro_of_found, release["macro"].get<double>(), kTolerance);
    EXPECT_EQ(release["per_class"].size(), truth.classes.size());
    for (std::size_t c = 0; c < truth.classes.size(); ++c) {
      EXPECT_NEAR(f.per_class[c], release["per_class"][truth.classes[c]].get<double>(), kTolerance);
    }
  }
}

/// What the README of psds_eval states, and the other scores without cross-triggers, in which the
/// releases do not differ.
TEST_F(ShippedExamples, TenOperatingPointsAsTheyAre) {
  const json& values = expected["example_dcase2019_ten_operating_points"]["psds_eval_0.3.0_legacy"];
  const auto truth = unchecked(rows_of(folder + "baseline_validation_gt.csv"),
                               durations_of(folder + "baseline_validation_metadata.csv"));
  const auto found = testing::totals(
      to_metrics(score_event_lists(truth, ten_lists(truth, MeetingEvents::refuse_but_touch))));
  EXPECT_NEAR(found.at("dtc05_ct0_st0"), 0.40813, 5e-6);
  EXPECT_NEAR(found.at("dtc05_ct0_st0"), values["ct0_st0_max100"]["value"].get<double>(),
              kTolerance);
  EXPECT_NEAR(found.at("psds1"), values["psds1"]["value"].get<double>(), kTolerance);
}

TEST_F(ShippedExamples, IntersectingTruthIsRefused) {
  EXPECT_THAT(data_error([&] {
                truth_of("baseline_validation_gt.csv", "baseline_validation_metadata.csv");
              }),
              HasSubstr("that overlap"));
}

/// The areas that psds_eval and sed_scores_eval document. A curve that falls, as in one of them, is
/// none of a single class.
TEST_F(ShippedExamples, DocumentedAreas) {
  std::size_t checked = 0;
  for (const char* key :
       {"area_under_curve_doc_values", "staircase_auc_docstring_values_of_sed_scores_eval"}) {
    for (const json& curve : expected[key]) {
      if (curve.contains("y_may_decrease")) continue;
      PsdPoints points;
      for (std::size_t i = 0; i < curve["x"].size(); ++i) {
        points.push_back({curve["x"][i], curve["y"][i]});
      }
      const double end = curve.value("max_x", points.back().efpr);
      const double area = curve.contains("auc") ? curve["auc"] : curve["area"];
      EXPECT_NEAR(psd_roc({&points, 1}, 0, end).psds * end, area, kTolerance) << curve;
      ++checked;
    }
  }
  EXPECT_EQ(checked, 6U);
}

}  // namespace
}  // namespace claptools
