// usage: mpirun -np N mpi_ranks [--short-calls] [--throw | --leave]
// The tests of the MPI communicator, in each of its processes; or what happens if rank 1 fails.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <thread>

#include "claptools/core/error.hpp"
#include "claptools/parallel/mpi.hpp"

namespace claptools {
namespace {

Communicator* processes = nullptr;

int rank() { return processes->rank(); }
int size() { return processes->size(); }
/// The sum over all ranks of rank + 1.
int total() { return size() * (size() + 1) / 2; }

TEST(MpiCommunicator, SumsInPlace) {
  std::vector<float> first(1000), second(17, static_cast<float>(rank() + 1));
  std::iota(first.begin(), first.end(), static_cast<float>(1000 * rank()));
  const auto one = processes->start_sum(first);
  const auto two = processes->start_sum(second);  // under way together, as buckets are
  two->wait();
  one->wait();
  for (int i = 0; i < 1000; ++i) {
    const int expected = size() * i + 1000 * (total() - size());
    ASSERT_EQ(first[static_cast<std::size_t>(i)], static_cast<float>(expected)) << i;
  }
  EXPECT_EQ(second, std::vector<float>(17, static_cast<float>(total())));
}

TEST(MpiCommunicator, AForgottenSumIsWaitedFor) {
  std::vector<float> values(300, 1);
  processes->start_sum(values);
  EXPECT_EQ(values, std::vector<float>(300, static_cast<float>(size())));
}

TEST(MpiCommunicator, AnotherThreadMaySum) {
  std::vector<float> values(50, static_cast<float>(rank() + 1));
  std::thread([&] { processes->start_sum(values)->wait(); }).join();
  EXPECT_EQ(values, std::vector<float>(50, static_cast<float>(total())));
}

TEST(MpiCommunicator, SumsDoublesExactly) {
  std::vector<double> values(33, 0x1p-40 * (rank() + 1) + 1);
  processes->sum(values);
  EXPECT_EQ(values, std::vector<double>(33, 0x1p-40 * total() + size()));
}

TEST(MpiCommunicator, GathersUnequalShares) {
  const auto mine = static_cast<std::size_t>(3 * rank());  // none of rank 0
  const std::vector<float> floats(mine, static_cast<float>(rank()));
  const std::vector<std::uint64_t> counts(mine, ~static_cast<std::uint64_t>(rank()));
  std::vector<float> all_floats;
  std::vector<std::uint64_t> all_counts;
  for (int r = 0; r < size(); ++r) {
    all_floats.insert(all_floats.end(), static_cast<std::size_t>(3 * r), static_cast<float>(r));
    all_counts.insert(all_counts.end(), static_cast<std::size_t>(3 * r),
                      ~static_cast<std::uint64_t>(r));
  }
  EXPECT_EQ(processes->gather(std::span<const float>(floats)), all_floats);
  EXPECT_EQ(processes->gather(std::span<const std::uint64_t>(counts)), all_counts);
}

TEST(MpiCommunicator, BroadcastsFromRankZero) {
  std::vector<float> values(100, static_cast<float>(rank() + 5));
  processes->broadcast(values);
  EXPECT_EQ(values, std::vector<float>(100, 5));
}

TEST(MpiCommunicator, AnySaysIfOneDoes) {
  EXPECT_TRUE(processes->any(rank() == size() - 1));
  EXPECT_FALSE(processes->any(false));
}

TEST(MpiCommunicator, NothingIsSummedToo) {
  processes->start_sum({})->wait();
  processes->sum({});
  processes->broadcast({});
  EXPECT_TRUE(processes->gather(std::span<const float>()).empty());
}

TEST(MpiCommunicator, StartsOnce) { EXPECT_THROW(start_mpi(nullptr, nullptr, size()), Error); }

/// Rank 1 fails while the others wait for it.
int fail(bool by_exception) {
  if (rank() == 1) {
    if (!by_exception) std::_Exit(3);
    throw Error(Fault::data, "rank 1", "loss is not finite");
  }
  processes->any(false);
  return 0;
}

int run(int argc, char** argv) {
  const auto has = [&](const char* option) {
    return std::any_of(argv, argv + argc, [&](const char* a) { return !std::strcmp(a, option); });
  };
  const std::unique_ptr<Communicator> joined =
      has("--short-calls") ? start_mpi(&argc, &argv, 3, 7) : join_processes(&argc, &argv);
  processes = joined.get();
  if (has("--throw") || has("--leave")) return fail(has("--throw"));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace claptools

int main(int argc, char** argv) {
  try {
    return claptools::run(argc, argv);
  } catch (const claptools::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return static_cast<int>(e.fault());
  }
}
