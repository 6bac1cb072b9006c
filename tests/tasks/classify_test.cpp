#include "claptools/tasks/classify.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

Matrix random_matrix(std::size_t rows, std::size_t cols, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0.F, 1.F / std::sqrt(static_cast<float>(cols)));
  Matrix m(rows, cols);
  for (float& x : m.data) x = normal(engine);
  return m;
}

TEST(CosineScores, AreDotProducts) {
  for (const std::size_t width : {1, 7, 8, 9, 64, 1024}) {
    const Matrix rows = random_matrix(7, width, 1);
    const Matrix prompts = random_matrix(131, width, 2);
    const Matrix scores = cosine_scores(rows, prompts);
    ASSERT_EQ(scores.rows, 7u);
    ASSERT_EQ(scores.cols, 131u);
    for (std::size_t i = 0; i < 7; ++i) {
      for (std::size_t c = 0; c < 131; ++c) {
        double expected = 0;
        for (std::size_t d = 0; d < width; ++d)
          expected += double{rows.row(i)[d]} * prompts.row(c)[d];
        EXPECT_NEAR(scores.row(i)[c], expected, 1e-6) << width << ' ' << i << ' ' << c;
      }
    }
  }
}

TEST(CosineScores, OfARowDoNotDependOnOthers) {
  const Matrix rows = random_matrix(9, 129, 3);
  const Matrix prompts = random_matrix(301, 129, 4);
  const Matrix all = cosine_scores(rows, prompts);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t c = 0; c < prompts.rows; c += 37) {
      const Matrix one = cosine_scores(rows.view().slice(i, 1), prompts.view().slice(c, 1));
      EXPECT_EQ(one.data[0], all.row(i)[c]);
    }
  }
}

TEST(CosineScores, RefusesAnotherWidth) {
  EXPECT_THROW(cosine_scores(Matrix(2, 8), Matrix(2, 7)), Error);
  EXPECT_TRUE(cosine_scores(Matrix(0, 8), Matrix(2, 8)).data.empty());
}

using Ranked = std::vector<RankedClass>;

TEST(Softmax, AreSharesOfOne) {
  const std::vector<float> cosines = {0.5F, -0.25F, 0.5F};
  const auto shares = softmax(cosines, 4);
  const double total = 2 + std::exp(-3.0);
  EXPECT_FLOAT_EQ(shares[0], static_cast<float>(1 / total));
  EXPECT_FLOAT_EQ(shares[1], static_cast<float>(std::exp(-3.0) / total));
  EXPECT_EQ(shares[0], shares[2]);
}

TEST(Softmax, StaysFiniteForAnyScale) {
  const std::vector<float> cosines = {1, -1};
  EXPECT_EQ(softmax(cosines, 1e6), (std::vector<float>{1, 0}));
  EXPECT_TRUE(softmax({}, 1).empty());
}

TEST(TopClasses, LowerIndexFirstOnATie) {
  const std::vector<float> scores{0.5F, 0.75F, 0.5F, 0.75F, 0.25F};
  EXPECT_EQ(top_classes(scores, 3), (Ranked{{1, 0.75F}, {3, 0.75F}, {0, 0.5F}}));
  EXPECT_EQ(top_classes(scores, 9).size(), 5u);
  EXPECT_TRUE(top_classes(scores, 0).empty());
}

TEST(ClassesAbove, IsStrictAndWidensTheScore) {
  const std::vector<float> scores{0.2F, 0.5F, 0.75F, 0.5F};
  const std::vector<double> half(4, 0.5), low(4, 0.2);
  EXPECT_EQ(classes_above(scores, half), (Ranked{{2, 0.75F}}));
  EXPECT_EQ(classes_above(scores, low).size(), 4u);  // 0.2F is a little above 0.2
}

TEST(ClassesAbove, EachHasItsThreshold) {
  const std::vector<float> scores{0.2F, 0.5F, 0.75F, 0.5F};
  const std::vector<double> thresholds{0.1, 0.5, 0.8, 0.4};
  EXPECT_EQ(classes_above(scores, thresholds), (Ranked{{3, 0.5F}, {0, 0.2F}}));
}

TEST(SubtractBackground, TakesTheHighestAndClamps) {
  Matrix scores(2, 2);
  scores.data = {0.75F, -0.5F, 0.25F, 1};
  Matrix background(2, 3);
  background.data = {0.25F, 0.5F, -1, 0, -0.5F, -0.25F};
  subtract_background(scores, background);
  EXPECT_EQ(scores.data, (std::vector<float>{0.25F, -1, 0.25F, 1}));
  background.data = {-1, -1, -1, -1, -1, -1};
  subtract_background(scores, background);
  EXPECT_EQ(scores.data, (std::vector<float>{1, 0, 1, 1}));
}

}  // namespace
}  // namespace claptools
