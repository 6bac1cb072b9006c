#include "claptools/core/parallel_for.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace claptools {
namespace {

TEST(ParallelFor, RunsEachNumberOnce) {
  for (const int threads : {1, 3, 50}) {
    std::vector<std::atomic<int>> runs(20);
    parallel_for(runs.size(), threads, [&](std::size_t i) { ++runs[i]; });
    for (const auto& count : runs) EXPECT_EQ(count, 1) << threads << " threads";
  }
  parallel_for(0, 4, [](std::size_t) { FAIL() << "there is none"; });
  int runs = 0;
  parallel_for(2, 0, [&](std::size_t) { ++runs; });
  EXPECT_EQ(runs, 2) << "on this thread";
}

TEST(ParallelFor, ThrowsTheFirstExceptionAndBeginsNoMore) {
  std::atomic<std::size_t> runs = 0;
  const auto task = [&](std::size_t i) {
    ++runs;
    if (i == 3) throw std::runtime_error("number 3");
    if (i > 3) throw std::runtime_error("a later one");
  };
  try {
    parallel_for(1000, 1, task);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "number 3");
  }
  EXPECT_EQ(runs, 4U);
  EXPECT_THROW(parallel_for(1000, 4, task), std::runtime_error);
  EXPECT_LE(runs, 4U + 4U + 4U) << "each thread may have begun one more";
}

}  // namespace
}  // namespace claptools
