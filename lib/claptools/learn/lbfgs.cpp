#include "claptools/learn/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>
#include <utility>

namespace claptools {
namespace {

using Vector = std::vector<double>;

constexpr double kDecrease = 1e-4, kCurvature = 0.9;  // of the Wolfe conditions
constexpr int kMaxTrials = 40;                        // of a line search

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// a += factor * b
void add(Vector& a, double factor, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
}

double largest(const Vector& a) {
  double most = 0;
  for (const double value : a) most = std::max(most, std::abs(value));
  return most;
}

struct Pair {
  Vector step, change;  // of x and of the gradient
  double product;       // of the two, above 0
};

/// The direction down that the last steps tell of (two-loop recursion).
Vector direction_of(const Vector& gradient, const std::deque<Pair>& pairs) {
  Vector direction = gradient;
  std::vector<double> shares;
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
    shares.push_back(dot(pair->step, direction) / pair->product);
    add(direction, -shares.back(), pair->change);
  }
  const double scale = pairs.empty()
                           ? 1 / std::max(std::sqrt(dot(gradient, gradient)), 1.0)
                           : pairs.back().product / dot(pairs.back().change, pairs.back().change);
  for (double& value : direction) value *= scale;
  for (const Pair& pair : pairs) {
    const double share = dot(pair.change, direction) / pair.product;
    add(direction, shares.back() - share, pair.step);
    shares.pop_back();
  }
  for (double& value : direction) value = -value;
  return direction;
}

struct Point {
  Vector x, gradient;
  double value = 0;
};

/// Walks along the direction. @return false where rounding hides every decrease.
bool search_line(const Objective& objective, const Vector& direction, Point& point) {
  const double slope = dot(direction, point.gradient);
  if (!(slope < 0)) return false;
  double low = 0, high = std::numeric_limits<double>::infinity(), length = 1;
  Point next{point.x, Vector(point.x.size()), 0};
  for (int trial = 0; trial < kMaxTrials; ++trial) {
    next.x = point.x;
    add(next.x, length, direction);
    next.value = objective(next.x, next.gradient);
    if (!(next.value <= point.value + kDecrease * length * slope)) {
      high = length;
    } else if (dot(direction, next.gradient) < kCurvature * slope) {
      low = length;
    } else {
      std::swap(point, next);
      return true;
    }
    length = std::isinf(high) ? 2 * length : (low + high) / 2;
  }
  return false;
}

}  // namespace

std::size_t minimize(const Objective& objective, std::vector<double>& x,
                     const LbfgsOptions& options) {
  Point point{std::move(x), {}, 0};
  point.gradient.resize(point.x.size());
  point.value = objective(point.x, point.gradient);
  std::deque<Pair> pairs;
  std::size_t steps = 0;
  while (steps < options.max_steps && largest(point.gradient) > options.gradient_tolerance) {
    if (options.stop && *options.stop) break;
    const Vector direction = direction_of(point.gradient, pairs);
    const Point before = point;
    if (!search_line(objective, direction, point)) {
      if (pairs.empty()) break;
      pairs.clear();  // what was learnt may mislead: once more, straight down
      continue;
    }
    ++steps;
    Pair pair{point.x, point.gradient, 0};
    add(pair.step, -1, before.x);
    add(pair.change, -1, before.gradient);
    pair.product = dot(pair.step, pair.change);
    if (pair.product > 0) pairs.push_back(std::move(pair));
    if (pairs.size() > options.history) pairs.pop_front();
  }
  x = std::move(point.x);
  return steps;
}

}  // namespace claptools
