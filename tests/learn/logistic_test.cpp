#include "claptools/learn/logistic.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "learn/golden.hpp"

namespace claptools {
namespace {

using testing::golden;
using testing::to_matrix;

std::vector<std::size_t> all_rows(const Matrix& rows) {
  std::vector<std::size_t> chosen(rows.rows);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  return chosen;
}

struct Case {
  explicit Case(const nlohmann::json& json)
      : rows(to_matrix(golden()["rows"])),
        classes(json["classes"].get<std::vector<std::vector<std::uint32_t>>>()),
        expected(to_matrix(json["probabilities"])),
        c(json["c"].get<double>()),
        data{rows, classes, expected.cols,
             json["kind"] == "one" ? ClassChoice::one : ClassChoice::any} {}

  Matrix fit(int threads = 1) const {
    LogisticOptions options;
    options.c = c;
    options.threads = threads;
    const LogisticModel model = fit_logistic(data, all_rows(rows), options);
    return logistic_probabilities(to_float(model.weights), model.bias, data.choice, rows);
  }

  Matrix rows;
  std::vector<std::vector<std::uint32_t>> classes;
  Matrix expected;
  double c;
  LabelledRows data;
};

/// The issue asks for 1e-4; the optimum is the same, so that rounding to float32 is what is left.
TEST(Logistic, EqualsScikitLearn) {
  for (const auto& json : golden()["cases"]) {
    const Case one(json);
    const Matrix found = one.fit();
    for (std::size_t i = 0; i < found.data.size(); ++i)
      ASSERT_NEAR(found.data[i], one.expected.data[i], 1e-5) << json["kind"] << " C " << one.c;
  }
}

TEST(Logistic, DoesNotDependOnThreads) {
  const Case one(golden()["cases"][0]);
  Matrix many(1000, one.rows.cols);
  std::vector<std::vector<std::uint32_t>> classes;
  for (std::size_t i = 0; i < many.rows; ++i) {
    std::ranges::copy(one.rows.row(i % one.rows.rows), many.row(i).begin());
    classes.push_back(one.classes[i % one.rows.rows]);
  }
  const LabelledRows data{many, classes, 4, ClassChoice::one};
  LogisticOptions options;
  const LogisticModel alone = fit_logistic(data, all_rows(many), options);
  options.threads = 3;
  const LogisticModel together = fit_logistic(data, all_rows(many), options);
  EXPECT_EQ(alone.weights.data, together.weights.data);
  EXPECT_EQ(alone.bias, together.bias);
}

TEST(Logistic, EndsAtTheSameModelFromAnotherStart) {
  for (const std::size_t number : {0U, 1U, 2U}) {
    const Case one(golden()["cases"][number]);
    LogisticOptions options;
    const LogisticModel first = fit_logistic(one.data, all_rows(one.rows), options);
    options.c = 50;
    const LogisticModel far = fit_logistic(one.data, all_rows(one.rows), options);
    options.c = 1;
    const LogisticModel again = fit_logistic(one.data, all_rows(one.rows), options, far);
    for (std::size_t i = 0; i < first.weights.data.size(); ++i)
      EXPECT_NEAR(first.weights.data[i], again.weights.data[i], 1e-4);
  }
}

TEST(Logistic, LearnsFromTheChosenRowsAlone) {
  const Case one(golden()["cases"][0]);
  const std::vector<std::size_t> half = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  Matrix few(half.size(), one.rows.cols);
  for (const std::size_t i : half) std::ranges::copy(one.rows.row(i), few.row(i).begin());
  const LabelledRows data{few, std::span(one.classes).first(half.size()), 4, ClassChoice::one};
  EXPECT_EQ(fit_logistic(one.data, half, {}).weights.data,
            fit_logistic(data, half, {}).weights.data);
}

}  // namespace
}  // namespace claptools
