#include "claptools/metrics/classification.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using nlohmann::json;
using testing::data_error;
using ::testing::HasSubstr;
using Strings = std::vector<std::string>;

void expect_equal(const ClassificationScores& scores, const json& expected) {
  for (const MetricValue& v : to_metrics(scores)) {
    const json& value = expected.at(v.metric);
    EXPECT_NEAR(v.value, (v.class_name.empty() ? value : value.at(v.class_name)).get<double>(),
                testing::kTolerance)
        << v.metric << ' ' << v.class_name;
  }
  EXPECT_EQ(testing::totals(to_metrics(scores)).size(), 10u);
  EXPECT_EQ(scores.per_class_accuracy.size(), expected["per_class_accuracy"].size());
  EXPECT_EQ(scores.fold_accuracy.size(), expected["fold_accuracy"].size());
}

TEST(Classification, TiesAndAbsentClasses) {
  const json data = testing::test_data("classification.json");
  const auto classes = data["classes"].get<Strings>();
  const auto ids = data["clip_ids"].get<Strings>();
  ClipMatcher clips(ids);
  const auto truth = match_labels(testing::to_table(data["labels"]), "labels.csv", clips, classes);
  expect_equal(score_classification(testing::to_matrix(data["scores"]), truth, classes),
               data["expected"]);
}

TEST(Classification, WorksWithoutFolds) {
  Matrix scores(2, 2);
  scores.data = {1, 0, 1, 0};
  const auto result = score_classification(scores, {{0, 1}, {}}, Strings{"a", "b"});
  EXPECT_FALSE(result.fold_averaged_accuracy);
  EXPECT_EQ(testing::totals(to_metrics(result)).count("fold_averaged_accuracy"), 0u);
  EXPECT_EQ(result.top1, 0.5);
}

class ClassificationGolden : public ::testing::TestWithParam<const char*> {};

TEST_P(ClassificationGolden, Agrees) {
  const std::string folder = testing::golden_folder(std::string("cls/") + GetParam());
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  const testing::GoldenFile file(folder + "scores.h5");
  const Strings classes = file.strings("classes");
  const Strings ids = file.strings("clip_ids");
  ClipMatcher clips(ids);
  const auto truth =
      match_labels(read_table_file(folder + "labels.csv"), "labels.csv", clips, classes);
  expect_equal(
      score_classification(testing::read_matrix(folder + "scores.h5", "scores"), truth, classes),
      testing::read_json(folder + "expected.json"));
}

INSTANTIATE_TEST_SUITE_P(Shared, ClassificationGolden,
                         ::testing::Values("esc_like", "one_clip", "three_classes",
                                           "ties_and_absent_classes", "us8k_like"));

/// What the cases bad/cls_* hold: clips c0 to c3, classes x, y, z.
class BadClassification : public ::testing::Test {
 protected:
  std::string match(const std::string& rows) const {
    const Table table = testing::parse_table("clip_id,label,fold\n" + rows);
    return data_error([&] {
      ClipMatcher clips(ids);
      match_labels(table, "labels.csv", clips, classes);
    });
  }

  Strings ids{"c0", "c1", "c2", "c3"};
  Strings classes{"x", "y", "z"};
};

TEST_F(BadClassification, IsNamed) {
  const std::string three = "c0,x,1\nc1,y,1\nc2,z,1\n";
  EXPECT_EQ(match(three + "c3,x,1\n"), "no error");
  EXPECT_EQ(match(three), "labels.csv: no label for clip 'c3'");
  EXPECT_EQ(match(three + "c3,w,1\n"),
            "labels.csv: class 'w' is not among those scored, such as 'x'");
  EXPECT_EQ(match(three + "c3,x,1\nc0,y,1\n"), "labels.csv: clip 'c0' is labelled twice");
  EXPECT_EQ(match(three + "c9,x,1\n"),
            "labels.csv: clip 'c9' is not among those scored, such as 'c0'");
  ids[1] = "c0";
  EXPECT_EQ(match(three), "scores: clip 'c0' occurs twice");
}

TEST_F(BadClassification, ScoresAreChecked) {
  const ClassificationTruth truth{{0, 1, 2, 0}, {}};
  const auto score = [&](const Matrix& m) {
    return data_error([&] { score_classification(m, truth, classes); });
  };
  Matrix scores(4, 3);
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    scores.row(3)[0] = bad;
    EXPECT_EQ(score(scores), "scores: row 3 is not finite");
  }
  EXPECT_EQ(score(Matrix(4, 2)), "scores: 2 columns for 3 classes");
  EXPECT_EQ(score(Matrix(0, 3)), "scores: no clip");
  EXPECT_EQ(score(Matrix(5, 3)), "labels: 4 for 5 clips");
}

TEST(BadClassificationGolden, IsRefused) {
  const std::string folder = testing::golden_folder("bad");
  if (folder.empty()) GTEST_SKIP() << "no metric goldens";
  std::size_t cases = 0;
  const json expected = testing::read_json(folder + "expected.json");
  for (const auto& c : expected["cases"]) {
    if (c["task"] != "classification") continue;
    const std::string at = folder + c["case"].get<std::string>() + "/";
    const std::string message = data_error([&] {
      const testing::GoldenFile file(at + "scores.h5");
      const Strings classes = file.strings("classes");
      const Strings ids = file.strings("clip_ids");
      ClipMatcher clips(ids);
      const auto truth =
          match_labels(read_table_file(at + "labels.csv"), "labels.csv", clips, classes);
      score_classification(testing::read_matrix(at + "scores.h5", "scores"), truth, classes);
    });
    std::vector<::testing::Matcher<std::string>> names;
    for (const std::string name : c["message_names_one_of"]) names.push_back(HasSubstr(name));
    EXPECT_THAT(message, ::testing::AnyOfArray(names)) << at;
    EXPECT_NE(message, "no error") << at;
    ++cases;
  }
  EXPECT_EQ(cases, 4u);
}

}  // namespace
}  // namespace claptools
