#include <gtest/gtest.h>
#include <stdlib.h>

#include "claptools/core/error.hpp"
#include "claptools/parallel/communicator.hpp"

namespace claptools {
namespace {

TEST(SingleProcess, HasNothingToExchange) {
  const auto processes = make_single_process();
  EXPECT_EQ(processes->rank(), 0);
  EXPECT_EQ(processes->size(), 1);
  std::vector<float> values = {1, 2.5f};
  processes->start_sum(values)->wait();
  processes->broadcast(values);
  EXPECT_EQ(processes->gather(std::span<const float>(values)), values);
  std::vector<double> doubles = {3, -4};
  processes->sum(doubles);
  EXPECT_EQ(doubles, (std::vector<double>{3, -4}));
  const std::vector<std::uint64_t> counts = {~std::uint64_t{0}, 0};
  EXPECT_EQ(processes->gather(std::span<const std::uint64_t>(counts)), counts);
  EXPECT_TRUE(processes->any(true));
  EXPECT_FALSE(processes->any(false));
}

/// Variables of a launcher, for the time of a test.
class Environment {
 public:
  Environment(std::initializer_list<std::pair<const char*, const char*>> values) : values_(values) {
    for (const auto& [name, value] : values_) setenv(name, value, 1);
  }
  ~Environment() {
    for (const auto& [name, value] : values_) unsetenv(name);
  }

 private:
  std::vector<std::pair<const char*, const char*>> values_;
};

int joined_size() { return join_processes(nullptr, nullptr)->size(); }

TEST(JoinProcesses, APlainRunIsAlone) {
  EXPECT_EQ(joined_size(), 1);
  const Environment batch_script{{"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}};
  EXPECT_EQ(joined_size(), 1);
}

TEST(JoinProcesses, OneProcessOfALauncherIsAlone) {
  const Environment one{{"OMPI_COMM_WORLD_SIZE", "1"}, {"PMIX_RANK", "0"}};
  EXPECT_EQ(joined_size(), 1);
  const Environment damaged{{"OMPI_COMM_WORLD_SIZE", "many"}};
  EXPECT_EQ(joined_size(), 1);
}

}  // namespace
}  // namespace claptools
