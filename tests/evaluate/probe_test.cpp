#include "claptools/evaluate/probe/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "claptools/store/embedding_file.hpp"
#include "evaluate/evaluation_check.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

/// The goldens are scikit-learn's, by tests/data/evaluate/make_probe.py.
class Probe : public ::testing::Test {
 protected:
  void SetUp() override {
    write_rows(task_.embeddings, golden_["rows"].size());
    write_truth("fold", [&](std::size_t i) { return golden_["folds"][i].dump(); });
    task_.folds = true;
  }

  /// @param count of the first clips; those after them failed.
  void write_rows(const std::string& path, std::size_t count) const {
    EmbeddingHeader header;
    header.dim = golden_["rows"][0].size();
    header.model_name = "m";
    EmbeddingWriter writer(path, header, true);
    for (std::size_t i = 0; i < golden_["rows"].size(); ++i) {
      if (i >= count) {
        writer.append_error({name(i), "decode", "no audio"});
        continue;
      }
      Matrix row(1, header.dim);
      row.data = golden_["rows"][i].get<std::vector<float>>();
      double square = 0;
      for (const float x : row.data) square += double{x} * x;
      for (float& x : row.data) x = static_cast<float>(x / std::sqrt(square));
      const Segment segment{name(i), 0, 10};
      writer.append({std::span(&segment, 1), row, {}, {}, {}});
    }
    writer.commit();
  }

  void write_truth(const std::string& column, const std::function<std::string(std::size_t)>& of,
                   bool tags = false) const {
    std::string text =
        std::string("id\t") + (tags ? "event_labels" : "label") + "\t" + column + "\n";
    for (std::size_t i = 0; i < golden_["rows"].size(); ++i) {
      std::string label = "class" + golden_["classes"][i].dump();
      if (tags) label = tags_of(golden_["tags"][i]);
      text += name(i) + "\t" + label + "\t" + of(i) + "\n";
    }
    testing::write_bytes(task_.truth, text);
  }

  static std::string tags_of(const json& row) {
    std::string text;
    for (std::size_t c = 0; c < row.size(); ++c)
      if (row[c] == 1) text += (text.empty() ? "tag" : ",tag") + std::to_string(c);
    return text;
  }

  std::string split_of(std::size_t i) const {
    if (i < golden_["split"]["train"].get<std::size_t>()) return "train";
    return i >= golden_["split"]["test"].get<std::size_t>() ? "test" : "valid";
  }

  static std::string name(std::size_t i) { return "clip" + std::to_string(1000 + i) + ".wav"; }

  void expect_folds(const Evaluation& found, const json& accuracies) const {
    const auto folds = testing::by_class(found, "fold_accuracy");
    ASSERT_EQ(folds.size(), accuracies.size());
    for (std::size_t f = 0; f < accuracies.size(); ++f)
      EXPECT_NEAR(folds.at(std::to_string(f)), accuracies[f].get<double>(), 1e-3) << "fold " << f;
  }

  json golden_ = testing::read_json(std::string(CLAPTOOLS_TEST_DATA) + "/evaluate/probe.json");
  testing::TempDir folder_;
  ProbeTask task_{.embeddings = folder_ / "rows.h5", .truth = folder_ / "labels.tsv"};
};

TEST_F(Probe, EqualsScikitLearnOnFolds) {
  for (const json& one : golden_["cases"]) {
    task_.c = one["c"].get<double>();
    const Evaluation found = evaluate(task_);
    expect_folds(found, one["fold_accuracy"]);
    const auto totals = testing::totals(found.values);
    EXPECT_NEAR(totals.at("fold_averaged_accuracy"), one["fold_averaged_accuracy"].get<double>(),
                1e-3);
    EXPECT_EQ(totals.at("n_clips"), 150) << "each is tested once";
    EXPECT_EQ(totals.at(kMissing), 0);
  }
}

TEST_F(Probe, ChoosesTheStrengthWithinWhatIsLearned) {
  const Evaluation found = evaluate(task_);
  EXPECT_THAT(found.provenance, Contains(Pair("c", "10, 1, 10")));
  expect_folds(found, golden_["chosen_fold_accuracy"]);
}

TEST_F(Probe, TestsASplit) {
  write_truth("split", [&](std::size_t i) { return split_of(i); });
  task_.folds = false;
  task_.c = 1;
  std::vector<std::string> warnings;
  task_.options.log = [&](LogLevel, std::string_view text) { warnings.emplace_back(text); };
  const auto totals = testing::totals(evaluate(task_).values);
  EXPECT_NEAR(totals.at("top1"), golden_["split"]["top1"].get<double>(), 1e-3);
  EXPECT_EQ(totals.at("n_clips"), 40);
  EXPECT_FALSE(totals.contains("fold_averaged_accuracy"));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("neither 'train' nor 'test': 20")));
}

TEST_F(Probe, TagsAreLearnedOneByOne) {
  write_truth(
      "split", [&](std::size_t i) { return split_of(i); }, true);
  task_.folds = false;
  task_.c = 1;
  const auto totals = testing::totals(evaluate(task_).values);
  EXPECT_NEAR(totals.at("macro_map"), golden_["macro_map"].get<double>(), 1e-3);
}

TEST_F(Probe, RowsOfOneRecordingAreAveraged) {
  EmbeddingHeader header;
  header.dim = 2;
  EmbeddingWriter writer(task_.embeddings, header, true);
  for (const char* id : {"a", "b", "c", "d", "e"}) {
    const bool is_first = id[0] == 'a' || id[0] == 'c' || id[0] == 'e';
    Matrix row(1, 2);
    row.data = is_first ? std::vector<float>{1, 0} : std::vector<float>{0, 1};
    for (const double start : {0.0, 10.0, 20.0}) {
      if (id[0] == 'e' && start == 20) row.data = {0, 1};  // two of three windows are right
      const Segment segment{id, start, start + 10};
      writer.append({std::span(&segment, 1), row, {}, {}, {}});
    }
  }
  writer.commit();
  testing::write_bytes(task_.truth,
                       "id,label,split\na,x,train\nb,y,train\nc,x,test\nd,y,test\ne,x,test\n");
  task_.folds = false;
  task_.c = 100;
  const auto totals = testing::totals(evaluate(task_).values);
  EXPECT_EQ(totals.at("n_clips"), 3);
  EXPECT_EQ(totals.at("top1"), 1);
}

TEST_F(Probe, HasIntervalsAndAPlot) {
  task_.c = 1;
  task_.options.resamples = 50;
  task_.options.with_plots = true;
  const Evaluation found = evaluate(task_);
  EXPECT_TRUE(testing::has_interval(found, "top1"));
  EXPECT_EQ(found.plots.size(), 1U);
}

TEST_F(Probe, RecordingsThatFailedAreMissing) {
  write_rows(task_.embeddings, 149);
  task_.c = 1;
  const Evaluation found = evaluate(task_);
  EXPECT_THAT(found.missing, ElementsAre(name(149)));
  EXPECT_EQ(testing::totals(found.values).at("n_clips"), 149);
}

TEST_F(Probe, WhatCannotBe) {
  task_.folds = false;
  EXPECT_THAT(testing::data_error([&] { evaluate(task_); }), HasSubstr("no column 'split'"));
  testing::write_bytes(task_.truth, "id,label,split\n" + name(0) + ",x,train\n");
  EXPECT_THAT(testing::data_error([&] { evaluate(task_); }),
              StartsWith(task_.truth + ": no label for recording"));
  task_.drop_clips_without_truth = true;
  EXPECT_THAT(testing::data_error([&] { evaluate(task_); }), HasSubstr("has the split 'test'"));
  write_truth("fold", [](std::size_t) { return "1"; });
  task_.folds = true;
  EXPECT_THAT(testing::data_error([&] { evaluate(task_); }), HasSubstr("only one fold"));
}

}  // namespace
}  // namespace claptools
