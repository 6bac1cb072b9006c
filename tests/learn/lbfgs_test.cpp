#include "claptools/learn/lbfgs.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace claptools {
namespace {

/// Rosenbrock's valley, whose minimum (1, 1) lies behind a bend.
double valley(std::span<const double> x, std::span<double> gradient) {
  const double a = 1 - x[0], b = x[1] - x[0] * x[0];
  gradient[0] = -2 * a - 400 * x[0] * b;
  gradient[1] = 200 * b;
  return a * a + 100 * b * b;
}

TEST(Lbfgs, FollowsAValley) {
  std::vector<double> x = {-1.2, 1};
  const std::size_t steps = minimize(valley, x, {.gradient_tolerance = 1e-9});
  EXPECT_NEAR(x[0], 1, 1e-7);
  EXPECT_NEAR(x[1], 1, 1e-7);
  EXPECT_LT(steps, 60U);
}

TEST(Lbfgs, EndsAtAMinimumAndWhereItIsStopped) {
  std::vector<double> x = {1, 1};
  EXPECT_EQ(minimize(valley, x, {}), 0U);
  const std::atomic<bool> stop = true;
  x = {-1.2, 1};
  EXPECT_EQ(minimize(valley, x, {.stop = &stop}), 0U);
}

/// A tolerance that rounding cannot reach does not keep it going.
TEST(Lbfgs, EndsWhereRoundingHidesTheWay) {
  const auto bowl = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 2e6 * (x[0] - 1 / 3.0);
    return 1e6 * (x[0] - 1 / 3.0) * (x[0] - 1 / 3.0) + 1e9;
  };
  std::vector<double> x = {5};
  minimize(bowl, x, {.gradient_tolerance = 0});
  EXPECT_NEAR(x[0], 1 / 3.0, 1e-4);
}

}  // namespace
}  // namespace claptools
