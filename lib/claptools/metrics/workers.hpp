#pragma once

#include <cstddef>
#include <future>
#include <vector>

namespace claptools {

/// Calls `work` once in each of `threads` threads, this one among them, and waits for all.
/// @throws what one of them throws.
template <typename Work>
void run_workers(std::size_t threads, const Work& work) {
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < threads; ++i) {
    others.push_back(std::async(std::launch::async, [&work] { work(); }));
  }
  work();
  for (auto& other : others) other.get();
}

}  // namespace claptools
