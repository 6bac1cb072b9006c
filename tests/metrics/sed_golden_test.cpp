#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "claptools/metrics/sed/detection_scores.hpp"
#include "metrics/sed_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::SedFiles;

/// A number, or the words that stand for what JSON lacks.
double number(const json& value) {
  if (!value.is_string()) return value.get<double>();
  return std::stod(value.get<std::string>());
}

void expect_number(double found, const json& expected, const std::string& where) {
  const double value = number(expected);
  if (std::isfinite(value)) {
    EXPECT_NEAR(found, value, testing::kTolerance) << where;
  } else {
    EXPECT_EQ(found, value) << where;
  }
}

using Names = std::vector<std::string>;

/// Compares what a file expects of one metric; each key that is not looked at is a failure.
class Comparison {
 public:
  Comparison(const DetectionScores& scores, Names classes)
      : scores_(scores), classes_(std::move(classes)) {
    for (const auto& v : to_metrics(scores, classes_)) {
      values_[v.metric + (v.class_name.empty() ? "" : "/") + v.class_name] = v.value;
    }
  }

  void metric(const std::string& name, const json& expected) const {
    for (const auto& [psds, roc] : scores_.psds) {
      if (psds == name) return compare(name, roc, expected);
    }
    for (const auto& [f_score, scores] : scores_.f_scores) {
      if (f_score == name) return compare(name, scores, expected);
    }
    ADD_FAILURE() << name << " is not computed";
  }

 private:
  void compare(const std::string& name, const PsdRoc& roc, const json& expected) const {
    for (const auto& [key, value] : expected.items()) {
      if (key == "value") {
        expect_number(values_.at(name), value, name);
      } else if (key == "per_class") {
        EXPECT_EQ(value.size(), classes_.size());
        for (const auto& c : classes_) expect_number(values_.at(name + "/" + c), value.at(c), c);
      } else if (key == "roc") {
        compare(roc.efpr, value.at("efpr"), name + " efpr");
        compare(roc.etpr, value.at("etpr"), name + " etpr");
      } else {
        ADD_FAILURE() << name << '.' << key << " is not compared";
      }
    }
  }

  static void compare(const std::vector<double>& found, const json& expected,
                      const std::string& where) {
    ASSERT_EQ(found.size(), expected.size()) << where;
    for (std::size_t i = 0; i < found.size(); ++i) expect_number(found[i], expected[i], where);
  }

  void compare(const std::string& name, const FScores& scores, const json& expected) const {
    const bool has_threshold = expected.contains("threshold");
    EXPECT_EQ(has_threshold, name.find("_best") != std::string::npos) << name;
    for (const auto& [key, value] : expected.items()) {
      const std::string metric = key == "f" ? name : name + '.' + key;
      if (key == "f" || key == "p" || key == "r" || key == "threshold") {
        for (const auto& [item, number] : value.items()) {
          const bool is_average = item == "macro_average" || item == "micro_average";
          expect_number(values_.at(metric + (is_average ? "." : "/") + item), number,
                        metric + " " + item);
        }
        EXPECT_EQ(value.size(), classes_.size() + (key == "threshold" ? 0 : 2)) << metric;
      } else if (key == "decision_threshold") {
        for (const auto& c : scores.per_class) EXPECT_EQ(c.threshold, number(value)) << name;
      } else if (key == "stats") {
        EXPECT_EQ(value.size(), classes_.size());
        for (std::size_t c = 0; c < classes_.size(); ++c) {
          compare_counts(scores.per_class[c], scores_.segments[c], value.at(classes_[c]), name);
        }
      } else {
        ADD_FAILURE() << metric << " is not compared";
      }
    }
  }

  static void compare_counts(const ClassFScore& score, std::size_t segments, const json& expected,
                             const std::string& name) {
    const auto& [tp, fp] = score.counts;
    for (const auto& [key, value] : expected.items()) {
      if (key == "tps") {
        EXPECT_EQ(tp, value.get<std::size_t>()) << name;
      } else if (key == "fps") {
        EXPECT_EQ(fp, value.get<std::size_t>()) << name;
      } else if (key == "n_ref") {
        EXPECT_EQ(score.events, value.get<std::size_t>()) << name;
      } else if (key == "tns") {
        EXPECT_EQ(segments - score.events - fp, value.get<std::size_t>()) << name;
      } else {
        ADD_FAILURE() << name << ".stats." << key << " is not compared";
      }
    }
  }

  const DetectionScores& scores_;
  Names classes_;
  std::map<std::string, double> values_;
};

std::size_t median_window(const std::string& key) {
  return key == "raw" ? 1 : std::stoul(key.substr(std::string("median").size()));
}

/// Compares one set of clips. Where the library gives up on single metrics, `decision` has ours.
void expect_equal(const SedFiles& files, std::size_t window, const GroundTruthOptions& options,
                  const json& expected, const json& decision) {
  const GroundTruth truth = files.truth(options);
  const auto scores = score_detection(files.frames(truth, window), truth);
  EXPECT_EQ(expected.size(), scores.psds.size() + scores.f_scores.size());
  const Comparison comparison(scores, files.names(truth));
  for (const auto& [name, value] : expected.items()) {
    comparison.metric(name, value.contains("library_raises") ? decision.at(name) : value);
  }
}

bool is_refused(const json& metrics) {
  return std::all_of(metrics.begin(), metrics.end(),
                     [](const json& value) { return value.contains("library_raises"); });
}

/// Both sets of clips under one kind of filter.
void expect_filtered(const SedFiles& files, const std::string& filter,
                     const GroundTruthOptions& options, const json& sets, const json& decision) {
  for (const auto& [set, expected] : sets.items()) {
    SCOPED_TRACE(filter + " " + set);
    GroundTruthOptions own = options;
    own.drop_clips_without_events = set == "only_clips_with_events";
    EXPECT_TRUE(own.drop_clips_without_events || set == "all_clips");
    if (is_refused(expected)) {
      EXPECT_THAT(testing::data_error([&] { files.truth(own); }),
                  ::testing::AnyOf(::testing::HasSubstr("no event of class 'ghost'"),
                                   ::testing::HasSubstr("that overlap or touch")));
    } else {
      expect_equal(files, median_window(filter), own, expected, decision);
    }
  }
}

void expect_case(const std::string& folder) {
  SCOPED_TRACE(folder);
  const SedFiles files(folder);
  const json expected = testing::read_json(folder + "expected.json");
  for (const auto& [key, value] : expected.items()) {
    if (key == "note" || key == "decision") continue;
    GroundTruthOptions options;
    options.drop_classes_without_events = key == "when_class_is_dropped";
    if (key == "when_merged") options.meeting = MeetingEvents::merge;
    if (options.drop_classes_without_events || key == "when_merged") {
      for (const auto& [filter, sets] : value.items()) {
        expect_filtered(files, filter, options, sets, {});
      }
    } else {
      expect_filtered(files, key, options, value,
                      expected.contains("decision") ? expected["decision"].at(key) : json());
    }
  }
}

std::size_t expect_cases(const std::string& folder) {
  const auto cases = testing::subfolders(folder);
  for (const auto& name : cases) expect_case(folder + name + "/");
  return cases.size();
}

TEST(Detection, EdgesAgree) {
  EXPECT_EQ(expect_cases(std::string(CLAPTOOLS_TEST_DATA) + "/metrics/sed/"), 7u);
}

TEST(Detection, GoldensAgree) {
  const std::string folder = testing::golden_folder("sed");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  EXPECT_GE(expect_cases(folder), 10u);
}

}  // namespace
}  // namespace claptools
