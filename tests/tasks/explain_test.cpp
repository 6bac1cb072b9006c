#include "claptools/tasks/explain.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace claptools {
namespace {

Matrix matrix(std::size_t rows, std::vector<float> data) {
  Matrix m;
  m.rows = rows;
  m.cols = data.size() / rows;
  m.data = std::move(data);
  return m;
}

// Orthogonal codewords of length 2: the contributions are the whole cosine.
TEST(Explain, ContributionsOfOrthogonalCodewordsSumToTheCosine) {
  const Matrix codewords = matrix(3, {2, 0, 0, 0, 2, 0, 0, 0, 2});
  const std::vector<float> audio = {0.5f, 0.5f, 0}, text = {0.25f, 0, 0.75f};
  const Matrix affinities = matrix(2, {0.7f, 0.2f, 0.1f, 0.3f, 0.7f, 0.1f});  // threshold 0.2
  const auto shared = explain_match(audio, affinities, text, codewords, 5);
  ASSERT_EQ(shared.size(), 1u);
  EXPECT_EQ(shared[0].index, 0u);
  EXPECT_NEAR(shared[0].contribution, 0.5 * 0.25 / (std::sqrt(0.5) * std::sqrt(0.0625 + 0.5625)),
              1e-7);
  EXPECT_EQ(shared[0].frames, (std::vector<std::size_t>{0, 1}));  // 0.7 and 0.3 are above 0.2
}

TEST(Explain, OrdersByContributionAndKeepsTheFirst) {
  const Matrix codewords = matrix(3, {1, 0, 0, 0, 1, 0, 0, 0, 1});
  const std::vector<float> weights = {0.2f, 0.5f, 0.3f};
  const Matrix affinities = matrix(2, {0.2f, 0.1f, 0.3f, 0.0f, 0.5f, 0.0f});
  const auto shared = explain_match(weights, affinities, weights, codewords, 2);
  ASSERT_EQ(shared.size(), 2u);
  EXPECT_EQ(shared[0].index, 1u);
  EXPECT_EQ(shared[1].index, 2u);
  EXPECT_EQ(shared[0].frames, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(shared[1].frames, (std::vector<std::size_t>{0}));
}

// Of length 1 and 2: the second text counts half as much, as its embedding is made a unit vector.
TEST(Explain, AveragesTheUnitEmbeddingsOfSeveralTexts) {
  const Matrix codewords = matrix(2, {1, 0, 0, 2});
  const std::vector<std::vector<float>> texts = {{1, 0}, {0, 1}};
  const auto mean = average_weights(texts, codewords);
  ASSERT_EQ(mean.size(), 2u);
  EXPECT_FLOAT_EQ(mean[0], 2.0f / 3);
  EXPECT_FLOAT_EQ(mean[1], 1.0f / 3);
  EXPECT_EQ(average_weights(std::span(texts).first(1), codewords), texts[0]);
}

TEST(Explain, ContributionDoesNotDependOnTheScaleOfWeights) {
  const Matrix codewords = matrix(2, {1, 1, 0, 2});
  const std::vector<float> audio = {0.5f, 0.5f}, text = {0.25f, 0.75f}, twice = {0.5f, 1.5f};
  const Matrix affinities = matrix(1, {0.5f, 0.5f});
  const auto once = explain_match(audio, affinities, text, codewords, 2);
  const auto scaled = explain_match(audio, affinities, twice, codewords, 2);
  ASSERT_EQ(once.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(once[i].contribution, scaled[i].contribution, 1e-12);
}

}  // namespace
}  // namespace claptools
