// Every case of the metric goldens through the program: the small ones from tests/data/metrics, all
// where ../shared is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "cmd/program_run.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::ProgramRun;
using Words = std::vector<std::string>;

/// What is no metric, or what tests of the library compare (tests/metrics): the vertices of a
/// PSD-ROC, ranks, counts and rates at each operating point.
const std::set<std::string> kElsewhere{"note",
                                       "decision",
                                       "official_note",
                                       "float64_ranks_agree",
                                       "sklearn_top5",
                                       "roc",
                                       "ranks",
                                       "decision_threshold",
                                       "operating_points",
                                       "window",
                                       "connect_frames",
                                       "frame_seconds",
                                       "n_items",
                                       "thresholds",
                                       "detections_per_threshold",
                                       "precision_recall_dtc05_gtc05",
                                       "not_normative_psds_2021_with_psds_eval_0.5.3"};

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

ProgramRun eval(const Words& words) { return testing::run_program(Words{CLAP_EVAL} + words); }

/// Lines that are no warning of what psds_eval leaves out without a word.
std::string without_left_out(const std::string& messages) {
  std::istringstream lines(messages);
  std::string others;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(": left out: ") == std::string::npos) others += line + "\n";
  }
  return others;
}

json evaluated(const Words& words, bool may_leave_out = false) {
  const ProgramRun run = eval(words + Words{"--json"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(may_leave_out ? without_left_out(run.err) : run.err, "");
  return run.code == 0 ? json::parse(run.out) : json::object();
}

void expect_refused(const Words& words, const std::string& reason) {
  const ProgramRun run = eval(words);
  EXPECT_EQ(run.code, 65);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.error_lines(), 1U) << run.err;
  EXPECT_THAT(run.err, HasSubstr(reason));
}

/// @param found in JSON "nan", "inf" and "-inf" are strings on both sides.
void expect_number(const json& found, const json& expected, const std::string& where) {
  if (expected.is_number() && found.is_number()) {
    EXPECT_NEAR(found.get<double>(), expected.get<double>(), testing::kTolerance) << where;
  } else {
    EXPECT_EQ(found, expected) << where;
  }
}

/// The values by class of one metric, all of them.
void expect_classes(const json& found, const std::string& metric, const json& expected) {
  const json classes = found.at("per_class").value(metric, json::object());
  EXPECT_EQ(classes.size(), expected.size()) << metric;
  for (const auto& [name, value] : expected.items()) {
    expect_number(classes.value(name, json()), value, metric + " " + name);
  }
}

Words scores_and(const std::string& folder, const std::string& truth) {
  return {"--scores", folder + "scores.h5", "--truth", folder + truth};
}

/// Totals, values by class, and lists of the classes that have none.
void expect_clips(const std::string& folder, const std::string& task, const std::string& truth) {
  const json found = evaluated(Words{task} + scores_and(folder, truth));
  const json expected = testing::read_json(folder + "expected.json");
  const std::map<std::string, std::string> absent{
      {"classes_without_clips", "per_class_accuracy"},
      {"classes_skipped_in_map", "per_class_ap"},
      {"classes_skipped_in_auc", "per_class_auc"},
  };
  for (const auto& [key, value] : expected.items()) {
    if (absent.contains(key)) {
      for (const std::string name : value) {
        EXPECT_FALSE(found["per_class"][absent.at(key)].contains(name)) << name;
      }
    } else if (value.is_object()) {
      expect_classes(found, key, value);
    } else if (!kElsewhere.contains(key)) {
      expect_number(found.value(key, json()), value, key);
    }
  }
}

void expect_classification(const std::string& folder) {
  expect_clips(folder, "classification", "labels.csv");
  expect_clips(folder, "scenes", "labels.csv");
}

void expect_tagging(const std::string& folder) { expect_clips(folder, "tagging", "tags.tsv"); }

void expect_directions(const json& found, const json& expected) {
  EXPECT_EQ(expected.size(), 2U);
  for (const auto& [direction, metrics] : expected.items()) {
    EXPECT_EQ(metrics.size(), 7U);
    for (const auto& [name, value] : metrics.items()) {
      const std::string metric = direction + "." + name;
      expect_number(found.value(metric, json()), value, metric);
    }
  }
}

void expect_retrieval(const std::string& folder) {
  const json expected = testing::read_json(folder + "expected.json");
  const Words truth{"retrieval", "--truth", folder + "captions.csv"};
  const bool ties = expected.contains("by_tie_rule");
  const Words input = ties ? Words{"--scores", folder + "similarity.h5"}
                           : Words{"--embeddings", folder + "embeddings.h5"};
  const json found = evaluated(truth + input);
  for (const auto& [key, value] : expected.items()) {
    if (key == "by_tie_rule") {
      expect_directions(found, value["last_index_first"]);
      for (const auto& [rule, directions] : value.items()) {
        const std::string option = std::regex_replace(
            std::regex_replace(rule, std::regex("_index"), ""), std::regex("_"), "-");
        expect_directions(evaluated(truth + input + Words{"--ties", option}), directions);
      }
    } else if (key == "official" || key == "float64") {
      if (!ties) expect_directions(found, value);  // else not defined
    } else if (!kElsewhere.contains(key)) {
      expect_number(found.value(key, json()), value, key);
    }
  }
}

/// One metric of sound event detection.
void expect_detection_metric(const json& found, const std::string& name, const json& expected) {
  for (const auto& [key, value] : expected.items()) {
    const std::string metric = key == "f" ? name : name + "." + key;
    if (key == "value") {
      expect_number(found.value(name, json()), value, name);
    } else if (key == "per_class") {
      expect_classes(found, name, value);
    } else if (key == "stats") {
      for (const auto& [class_name, counts] : value.items()) {
        for (const auto& [count, number] : counts.items()) {
          expect_number(found["per_class"][name + "." + count][class_name], number, metric);
        }
      }
    } else if (!kElsewhere.contains(key)) {
      json classes = value;
      for (const char* average : {"macro_average", "micro_average"}) {
        if (!value.contains(average)) continue;
        const std::string total = metric + "." + average;
        expect_number(found.value(total, json()), value[average], total);
        classes.erase(average);
      }
      expect_classes(found, metric, classes);
    }
  }
}

Words sed_files(const std::string& folder) {
  return Words{"detection"} + scores_and(folder, "ground_truth.tsv") +
         Words{"--durations", folder + "durations.tsv"};
}

/// Sets of clips under one filter ("raw", "median3"). Where the library gives up on single metrics,
/// `decision` has ours.
void expect_filter(const Words& base, const std::string& filter, const json& sets,
                   const json& decision) {
  const std::string window = filter == "raw" ? "1" : filter.substr(std::string("median").size());
  for (const auto& [set, metrics] : sets.items()) {
    SCOPED_TRACE(filter + " " + set);
    Words words = base + Words{"--median", window};
    if (set == "only_clips_with_events") words.push_back("--drop-clips-without-events");
    if (decision.is_null() && metrics.front().contains("library_raises")) {
      const std::string message = metrics.front()["message"];
      const bool is_class = message.find("No ground truth events") != std::string::npos;
      expect_refused(words, is_class ? "no event of class 'ghost'" : "that overlap or touch");
      continue;
    }
    const json found = evaluated(words);
    EXPECT_EQ(metrics.size(), 12U);
    for (const auto& [name, value] : metrics.items()) {
      const bool raises = value.contains("library_raises");
      expect_detection_metric(found, name, raises ? decision.at(name) : value);
    }
  }
}

void expect_detection(const std::string& folder) {
  const json expected = testing::read_json(folder + "expected.json");
  for (const auto& [key, value] : expected.items()) {
    const bool drop = key == "when_class_is_dropped";
    if (drop || key == "when_merged") {
      const Words base =
          sed_files(folder) + Words{drop ? "--drop-classes-without-events" : "--merge-overlapping"};
      for (const auto& [filter, sets] : value.items()) expect_filter(base, filter, sets, {});
    } else if (!kElsewhere.contains(key)) {
      expect_filter(sed_files(folder), key, value,
                    expected.contains("decision") ? expected["decision"].at(key) : json());
    }
  }
}

/// Names, in byte order.
std::set<std::string> files_of(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

void expect_events(const std::string& folder) {
  Words words{"detection", "--truth", folder + "ground_truth.tsv", "--durations",
              folder + "durations.tsv"};
  for (const std::string& list : files_of(folder + "detections")) {  // op_0.500.tsv
    words.push_back("--events");
    words.push_back(list.substr(3, list.size() - 7) + "=" + folder + "detections/" + list);
  }
  const json found = evaluated(words, true);
  const json expected = testing::read_json(folder + "expected.json");
  // Of a single class release 0.5.3 gives no cross-trigger rate; then the older one counts.
  const bool single = expected["psds_eval_0.5.3"]["psds1"]["class_order"].size() == 1;
  for (const auto& [name, value] :
       expected[single ? "psds_eval_0.3.0_legacy" : "psds_eval_0.5.3"].items()) {
    if (name == "f_score_dtc05") {
      for (const auto& [threshold, f] : value.items()) {
        const std::string metric = name + "." + threshold;
        expect_number(found.value(metric + ".macro", json()), f["macro"], metric);
        expect_classes(found, metric, f["per_class"]);
        EXPECT_EQ(f.size(), 2U);
      }
      continue;
    }
    expect_number(found.value(name, json()), value["value"], name);
    expect_number(found.value(name + ".max_efpr", json()), value["max_efpr"], name);
    if (value["value"] == "nan") continue;
    EXPECT_EQ(found["per_class"][name].size(), value["class_order"].size()) << name;
  }
}

void expect_grounding(const std::string& folder) {
  const json found = evaluated(Words{"grounding"} + scores_and(folder, "ground_truth.tsv") +
                               Words{"--durations", folder + "durations.tsv"});
  const json expected = testing::read_json(folder + "expected.json");
  for (const auto& [key, value] : expected.items()) {
    if (!kElsewhere.contains(key)) expect_number(found.value(key, json()), value, key);
  }
}

json part_of(const json& values, const std::string& name) {
  json part = json::object();
  for (const auto& [key, value] : values.items()) {
    if (key == name || key.rfind(name + ".", 0) == 0) part[key] = value;
  }
  return part;
}

/// What --metric leaves out changes nothing of what it lets through.
void expect_one_at_a_time(const Words& words) {
  json all = evaluated(words);
  all.erase("provenance");
  const json classes = all.value("per_class", json::object());
  all.erase("per_class");
  json names = all;
  names.update(classes);
  EXPECT_GE(names.size(), 5U);
  for (const auto& [name, unused] : names.items()) {
    json one = evaluated(words + Words{"--metric", name});
    one.erase("provenance");
    json expected = part_of(all, name);
    const json own_classes = part_of(classes, name);
    if (!own_classes.empty()) expected["per_class"] = own_classes;
    EXPECT_EQ(one, expected) << name;
  }
}

TEST(ClapEvalMetric, OneAtATime) {
  const std::string data = std::string(CLAPTOOLS_TEST_DATA) + "/metrics/";
  const auto files = [&](const std::string& folder) {
    const std::string at = data + folder + "/";
    return scores_and(at, "ground_truth.tsv") + Words{"--durations", at + "durations.tsv"};
  };
  expect_one_at_a_time(Words{"scenes"} + scores_and(data + "cls/three_classes/", "labels.csv"));
  expect_one_at_a_time(Words{"tagging"} + scores_and(data + "tag/ties/", "tags.tsv"));
  const std::string ret = data + "ret/one_audio/";
  expect_one_at_a_time(
      {"retrieval", "--embeddings", ret + "embeddings.h5", "--truth", ret + "captions.csv"});
  expect_one_at_a_time(Words{"detection", "--psds", "name=own"} + files("sed/edge_one_clip"));
  expect_one_at_a_time(Words{"grounding"} + files("ground/one_audio"));
  const std::string events = data + "events/edge_exact_half/";
  expect_one_at_a_time({"detection", "--psds", "name=own", "--truth", events + "ground_truth.tsv",
                        "--durations", events + "durations.tsv", "--events",
                        "0.5=" + events + "detections/op_0.500.tsv"});
}

/// psds_eval's own data, which have no folder for each case.
constexpr const char* kShipped = "shipped_psds_eval";

struct Task {
  const char* folder;
  void (*expect)(const std::string& folder);
  std::size_t committed;  ///< cases in tests/data/metrics
  std::size_t shared;     ///< least number of cases in ../shared
};

class Goldens : public ::testing::TestWithParam<Task> {
 protected:
  static std::size_t expect_all(const std::string& folder) {
    std::size_t cases = 0;
    for (const std::string& name : testing::subfolders(folder)) {
      SCOPED_TRACE(name);
      if (name == kShipped) continue;
      GetParam().expect(folder + name + "/");
      ++cases;
    }
    return cases;
  }
};

TEST_P(Goldens, SmallOnesAgree) {
  const std::string folder =
      std::string(CLAPTOOLS_TEST_DATA) + "/metrics/" + GetParam().folder + "/";
  EXPECT_EQ(expect_all(folder), GetParam().committed);
}

TEST_P(Goldens, AllAgree) {
  const std::string folder = testing::golden_folder(GetParam().folder);
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  EXPECT_GE(expect_all(folder), GetParam().shared);
}

INSTANTIATE_TEST_SUITE_P(ClapEval, Goldens,
                         ::testing::Values(Task{"cls", expect_classification, 3, 5},
                                           Task{"tag", expect_tagging, 2, 3},
                                           Task{"ret", expect_retrieval, 2, 4},
                                           Task{"sed", expect_detection, 7, 10},
                                           Task{"events", expect_events, 12, 13},
                                           Task{"ground", expect_grounding, 2, 3}),
                         [](const auto& test) { return std::string(test.param.folder); });

class Shipped : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::golden_folder("events").empty()) GTEST_SKIP() << "no metric goldens";
    folder = testing::golden_folder(std::string("events/") + kShipped);
    expected = testing::read_json(folder + "expected.json");
  }

  Words lists(const std::string& truth, const std::string& durations, const Words& files) const {
    Words words{"detection", "--truth", folder + truth, "--durations", folder + durations};
    double threshold = 0;
    for (const std::string& file : files) {
      words.push_back("--events");
      words.push_back(std::to_string(threshold += 0.1) + "=" + folder + file);
    }
    return words;
  }
  static Words ten_files() {
    Words files;
    for (int i = 1; i <= 10; ++i) files.push_back("baseline_" + json(i / 10.0).dump() + ".csv");
    return files;
  }

  std::string folder;
  json expected;
};

TEST_F(Shipped, OperatingPoints) {
  std::size_t cases = 0;
  for (const auto& [key, value] : expected.items()) {
    if (key.rfind("psds(0.5,0.5,0.3;", 0) != 0) continue;
    for (const auto& [name, values] : value.items()) {
      const json found = evaluated(lists(name + ".gt", "test.metadata", {name + ".det"}), true);
      expect_number(found["dtc05_ct0_st0"], values["psds_eval_0.5.3"]["value"], name);
      ++cases;
    }
  }
  EXPECT_EQ(cases, 5U);
  const json two = expected["two_operating_points_on_test_1.gt"]["psds_eval_0.5.3"];
  const json half =
      evaluated(lists("test_1.gt", "test.metadata", {"test_1.det", "test_4.det"}), true);
  expect_number(half["dtc05_ct0_st0"], two[0]["value"], "0.5");
  const json whole = evaluated(lists("test_1.gt", "test.metadata", {"test_1.det", "test_1a.det"}) +
                               Words{"--psds", "name=whole,dtc=1,gtc=1,cttc=1"});
  expect_number(whole["whole"], two[1]["value"], "1");
}

TEST_F(Shipped, TenOperatingPoints) {
  const Words words =
      lists("baseline_validation_gt.csv", "baseline_validation_metadata.csv", ten_files());
  expect_refused(words, "that overlap");
  const json found = evaluated(words + Words{"--merge-overlapping"});
  const json& merged = expected["example_dcase2019_ten_operating_points"]
                               ["psds_eval_0.5.3, overlapping or touching events of one class "
                                "merged in ground truth and detections"];
  EXPECT_EQ(merged.size(), 4U);
  expect_number(found["psds1"], merged["psds1"]["value"], "psds1");
  expect_number(found["psds2"], merged["psds2"]["value"], "psds2");
  expect_number(found["dtc05_ct0_st0"], merged["ct0_st0_max100"]["value"], "ct0");
  expect_number(found["dtc05_ct1_st0"], merged["ct1_st0_max100"]["value"], "ct1");
}

/// Its list of files names none of those with events.
TEST_F(Shipped, FilesWithoutDurationAreRefused) {
  expect_refused(lists("baseline_validation_gt.csv", "test.metadata", {"baseline_0.5.csv"}),
                 "are not among those with a duration");
}

Words bad_command(const std::string& folder, const std::string& task) {
  if (task == "classification") return Words{task} + scores_and(folder, "labels.csv");
  if (task == "sed") return sed_files(folder);
  return {"retrieval", "--embeddings", folder + "embeddings.h5", "--truth",
          folder + "captions.csv"};
}

/// Not as a part of another word or number: "2" must not be found in a temporary name.
bool names(const std::string& text, const std::string& item) {
  const std::string escaped = std::regex_replace(item, std::regex(R"([.])"), "\\.");
  return std::regex_search(text, std::regex("(^|[^A-Za-z0-9.])" + escaped + "($|[^A-Za-z0-9])"));
}

std::size_t expect_bad(const std::string& folder) {
  const json expected = testing::read_json(folder + "expected.json");
  std::set<std::string> seen;
  for (const auto& c : expected["cases"]) {
    const std::string name = c["case"];
    SCOPED_TRACE(name);
    const ProgramRun run = eval(bad_command(folder + name + "/", c["task"]));
    EXPECT_EQ(run.code, 65);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.error_lines(), 1U) << run.err;
    const std::string start = "clap-eval: error: " + folder + name + "/";
    EXPECT_EQ(run.err.substr(0, start.size()), start) << run.err;
    const std::string message = run.err.substr(start.size());
    const auto& items = c["message_names_one_of"];
    EXPECT_TRUE(std::any_of(items.begin(), items.end(), [&](const std::string& item) {
      return names(message, item);
    })) << run.err;
    seen.insert(name);
  }
  const auto folders = testing::subfolders(folder);
  EXPECT_EQ(seen, std::set<std::string>(folders.begin(), folders.end()));
  return seen.size();
}

TEST(ClapEvalBad, IsRefused) {
  EXPECT_EQ(expect_bad(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/bad/"), 30U);
}

TEST(ClapEvalBad, SharedIsRefused) {
  const std::string folder = testing::golden_folder("bad");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  EXPECT_GE(expect_bad(folder), 30U);
}

}  // namespace
}  // namespace claptools
