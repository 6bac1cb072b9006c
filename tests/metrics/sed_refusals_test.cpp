#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "claptools/metrics/sed/detection_scores.hpp"
#include "metrics/sed_files.hpp"

namespace claptools {
namespace {

using testing::data_error;
using ::testing::HasSubstr;
using Strings = std::vector<std::string>;

Table parse_tsv(const std::string& text) {
  std::istringstream in(text);
  return read_table(in, "table", Delimiter::tab);
}

std::string events_error(const std::string& rows) {
  const Table table = parse_tsv("filename\tonset\toffset\tevent_label\n" + rows);
  return data_error([&] { parse_event_rows(table, "truth.tsv"); });
}

TEST(BadEvents, RowsAreNamed) {
  EXPECT_EQ(events_error("a.wav\t1\t2.5\tx\nb.wav\t\t\t\n"), "no error");
  EXPECT_EQ(events_error("a.wav\t3.0\t2.0\tx\n"),
            "truth.tsv: line 2, 'a.wav': onset 3.0 is after offset 2.0");
  EXPECT_EQ(events_error("\na.wav\t-0.5\t2.0\tx\n"),
            "truth.tsv: line 3, 'a.wav': onset '-0.5' is not a time");
  EXPECT_EQ(events_error("a.wav\t1\ttwo\tx\n"),
            "truth.tsv: line 2, 'a.wav': offset 'two' is not a time");
  EXPECT_EQ(events_error("a.wav\t1 s\t2\tx\n"),
            "truth.tsv: line 2, 'a.wav': onset '1 s' is not a time");
  for (const std::string word : {"nan", "inf", "1e999"}) {
    EXPECT_EQ(events_error("a.wav\t1\t" + word + "\tx\n"),
              "truth.tsv: line 2, 'a.wav': offset '" + word + "' is not a time");
  }
  EXPECT_EQ(events_error("a.wav\t\t2\tx\n"), "truth.tsv: line 2, 'a.wav': label 'x' without onset");
  EXPECT_EQ(events_error("a.wav\t1\t\t\n"),
            "truth.tsv: line 2, 'a.wav': a time without event_label");
}

TEST(BadEvents, DurationsAreNamed) {
  const auto error = [](const std::string& rows) {
    const Table table = parse_tsv("filename\tduration\n" + rows);
    return data_error([&] { parse_durations(table, "durations.tsv"); });
  };
  EXPECT_EQ(error("a.wav\t10.0\n"), "no error");
  for (const std::string value : {"0", "-1", "ten", "nan", "inf", ""}) {
    EXPECT_EQ(error("a.wav\t" + value + "\n"),
              "durations.tsv: line 2, 'a.wav': duration '" + value + "' is not a number above 0");
  }
}

class BadGroundTruth : public ::testing::Test {
 protected:
  GroundTruth match(const GroundTruthOptions& options = {}) const {
    ClipMatcher clips(ids, {{}, false, {}, [&](LogLevel, std::string_view text) {
                              warnings.emplace_back(text);
                            }});
    return match_ground_truth(rows, "truth", durations, "durations", clips, classes, options);
  }
  std::string error(const GroundTruthOptions& options = {}) const {
    return data_error([&] { match(options); });
  }

  mutable Strings warnings;
  Strings ids{"a", "b"};
  Strings classes{"x", "y"};
  std::vector<EventRow> rows{{"b.wav", "y", 3, 4, 2}, {"a.wav", "x", 1, 2, 3}};
  std::vector<std::pair<std::string, double>> durations{{"b.wav", 9}, {"a.wav", 10}};
};

TEST_F(BadGroundTruth, IsSorted) {
  const GroundTruth truth = match();
  EXPECT_EQ(truth.durations_s, (std::vector<double>{10, 9}));
  ASSERT_EQ(truth.of(1, 1).size(), 1u);
  EXPECT_EQ(truth.of(1, 1)[0].onset_s, 3);
  EXPECT_TRUE(truth.of(0, 1).empty());
  EXPECT_EQ(truth.of_clip(0).size(), 1u);
}

TEST_F(BadGroundTruth, ItemsAreNamed) {
  rows.push_back({"b.wav", "x", 5, 5, 9});
  EXPECT_EQ(error(), "truth: line 9, 'b.wav': an event of no length");
  rows.back() = {"b.wav", "zebra", 5, 6, 9};
  EXPECT_EQ(error(), "truth: class 'zebra' is not among those scored, such as 'x'");
  rows.back() = {"ghost.wav", "x", 5, 6, 9};
  EXPECT_EQ(error(), "truth: clip 'ghost.wav' is not among those scored, such as 'a'");
  rows.pop_back();
  durations.emplace_back("ghost.wav", 1);
  EXPECT_EQ(error(), "no error");
  EXPECT_EQ(warnings, Strings{"durations: left out: clip 'ghost.wav' is not among those scored, "
                              "such as 'a'"});
  durations.back().first = "a.flac";
  EXPECT_EQ(error(), "durations: 'a.flac' occurs twice");
  durations.resize(1);
  EXPECT_EQ(error(), "durations: no duration for clip 'a'");
  ids[1] = "a";
  EXPECT_EQ(error(), "scores: clip 'a' occurs twice");
}

TEST_F(BadGroundTruth, MeetingEvents) {
  rows.push_back({"a.wav", "x", 2, 3, 4});  // touches that of line 3
  EXPECT_EQ(error(), "truth: clip 'a' has events of 'x' that overlap or touch");
  EXPECT_EQ(error({.meeting = MeetingEvents::refuse_but_touch}), "no error");
  rows.push_back({"a.wav", "x", 2.5, 2.75, 5});
  EXPECT_EQ(error({.meeting = MeetingEvents::refuse_but_touch}),
            "truth: clip 'a' has events of 'x' that overlap");
  const GroundTruth truth = match({.meeting = MeetingEvents::merge});
  ASSERT_EQ(truth.of(0, 0).size(), 1u);
  EXPECT_EQ(truth.of(0, 0)[0].onset_s, 1);
  EXPECT_EQ(truth.of(0, 0)[0].offset_s, 3);
}

TEST_F(BadGroundTruth, WhatHasNoEventsCanBeDropped) {
  ids = {"c", "b", "a"};
  classes = {"ghost", "x", "y"};
  EXPECT_EQ(error(), "truth: no row for clip 'c'");
  EXPECT_EQ(error({.drop_clips_without_truth = true}), "truth: no event of class 'ghost'");
  GroundTruthOptions options{.drop_clips_without_truth = true, .drop_classes_without_events = true};
  GroundTruth truth = match(options);
  EXPECT_EQ(truth.clips, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(truth.classes, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(truth.of(0, 1).size(), 1u);
  rows.push_back({"c.wav", "", 0, 0, 4});
  durations.emplace_back("c", 5);
  EXPECT_EQ(match(options).clips, (std::vector<std::size_t>{0, 1, 2}));
  options.drop_clips_without_events = true;
  EXPECT_EQ(match(options).clips, (std::vector<std::size_t>{1, 2}));
  rows = {{"c.wav", "", 0, 0, 4}};
  EXPECT_EQ(error(options), "truth: no clip to evaluate");
}

TEST(GroundTruthNames, OnlyTheLastExtensionIsLeftOut) {
  const Strings ids{"Y1_30.000", "d/a.wav"};
  const Strings classes{"x"};
  const std::vector<std::pair<std::string, double>> durations{{"Y1_30.000.wav", 1}, {"d/a.wav", 1}};
  const auto error = [&](const std::string& name) {
    const std::vector<EventRow> rows{{name, "x", 0, 1, 2}, {"d/a.wav", "", 0, 0, 3}};
    return data_error([&] {
      ClipMatcher clips(ids);
      match_ground_truth(rows, "t", durations, "d", clips, classes);
    });
  };
  EXPECT_EQ(error("Y1_30.000"), "no error");
  EXPECT_EQ(error("Y1_30.000.wav"), "no error");
  EXPECT_EQ(error("Y1_30.000.wav.gz"),
            "t: clip 'Y1_30.000.wav.gz' is not among those scored, such as 'Y1_30.000'");
}

TEST(BadDetectionFrames, ClipIsNamed) {
  const auto error = [](Matrix scores, const std::vector<double>& boundaries) {
    DetectionFrames frames({0, 1});
    return data_error([&] { frames.append(scores, boundaries, "c7"); });
  };
  Matrix scores(2, 2);
  EXPECT_EQ(error(scores, {0, 1, 2}), "no error");
  EXPECT_EQ(error(Matrix(0, 2), {0}), "clip 'c7': no frame");
  EXPECT_EQ(error(Matrix(2, 1), {0, 1, 2}), "clip 'c7': too few columns");
  EXPECT_EQ(error(scores, {0, 1}), "clip 'c7': 2 frame_times for 2 frames");
  EXPECT_EQ(error(scores, {0, 1, 1}), "clip 'c7': frame_times do not rise");
  EXPECT_EQ(error(scores, {0, 1, std::numeric_limits<double>::infinity()}),
            "clip 'c7': frame_times do not rise");
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    scores.row(1)[0] = bad;
    EXPECT_EQ(error(scores, {0, 1, 2}), "clip 'c7': a score of frame 1 is not finite");
  }
}

TEST(BadDetection, CountsMustAgree) {
  GroundTruth truth;
  truth.clips = {0};
  truth.classes = {0};
  EXPECT_EQ(data_error([&] { score_detection(DetectionFrames({0}), truth); }),
            "ground truth: 1 clips and 1 classes, but scores of 0 and 1");
}

/// Faults of the score file itself are found by its reader.
const Strings kOfTheReader{"class_count_mismatch", "no_clips", "no_scores_dataset", "not_hdf5",
                           "truncated_hdf5"};

TEST(BadDetectionGolden, IsRefused) {
  const std::string folder = testing::golden_folder("bad");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  std::size_t cases = 0;
  const auto expected = testing::read_json(folder + "expected.json");
  for (const auto& c : expected["cases"]) {
    const std::string name = c["case"];
    if (c["task"] != "sed" || std::ranges::count(kOfTheReader, name) > 0) continue;
    const std::string message = data_error([&] {
      const testing::SedFiles files(folder + name + "/");
      files.frames(files.truth({.drop_clips_without_truth = true}));
    });
    std::vector<::testing::Matcher<std::string>> names;
    for (const std::string item : c["message_names_one_of"]) names.push_back(HasSubstr(item));
    EXPECT_THAT(message, ::testing::AnyOfArray(names)) << name;
    EXPECT_NE(message, "no error") << name;
    ++cases;
  }
  EXPECT_EQ(cases, 16u);
}

}  // namespace
}  // namespace claptools
