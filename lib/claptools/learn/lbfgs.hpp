#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace claptools {

/// Value of a smooth convex function at `x`; writes its gradient, as long as `x`.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct LbfgsOptions {
  std::size_t history = 10;  ///< pairs of steps and gradient changes that are kept
  std::size_t max_steps = 1000;
  double gradient_tolerance = 1e-6;         ///< ends where no component is larger
  const std::atomic<bool>* stop = nullptr;  ///< ends early once set; may be null
};

/// Minimises by limited-memory BFGS with a line search for the weak Wolfe conditions. Ends as well
/// where rounding leaves no way down.
/// @param x the start; becomes the minimum.
/// @return the steps taken.
/// Source: Nocedal and Wright, "Numerical Optimization", algorithms 7.4 and 7.5; the line search is
/// Lewis and Overton's ("Nonsmooth optimization via quasi-Newton methods", algorithm 2.6).
std::size_t minimize(const Objective& objective, std::vector<double>& x,
                     const LbfgsOptions& options);

}  // namespace claptools
