#include "claptools/tasks/prompts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

Matrix rows(std::vector<float> data) {
  Matrix m(data.size() / 2, 2);
  m.data = std::move(data);
  return m;
}

using Prompts = std::vector<std::vector<std::string>>;

TEST(AveragePrompts, AreUnitVectorsBetweenTheirPrompts) {
  const Matrix mean = average_prompts(rows({1, 0, 0.6F, 0.8F, 0, 1, 1, 0, 1, 0}),
                                      Prompts{{"a"}, {"b", "c"}, {"d", "e"}});
  ASSERT_EQ(mean.rows, 3u);
  EXPECT_EQ(mean.row(0)[0], 1);
  const double norm = std::hypot(0.6, 1.8);
  EXPECT_FLOAT_EQ(mean.row(1)[0], static_cast<float>(0.6 / norm));
  EXPECT_FLOAT_EQ(mean.row(1)[1], static_cast<float>(1.8 / norm));
  EXPECT_EQ(mean.row(2)[0], 1);
}

TEST(AveragePrompts, ASinglePromptIsLeftAsItIs) {
  const Matrix one = rows({0.6000001F, 0.8F});
  EXPECT_EQ(average_prompts(one, Prompts{{"a"}}).data, one.data);
}

TEST(AveragePrompts, RefusesPromptsWithoutDirection) {
  EXPECT_THROW(average_prompts(rows({1, 0, -1, 0}), Prompts{{"a", "b"}}), Error);
}

}  // namespace
}  // namespace claptools
