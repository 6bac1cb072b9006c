#include "claptools/model/device/batch_limit.hpp"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "claptools/core/error.hpp"
#include "support/errors.hpp"

namespace claptools {
namespace {

using Inputs = std::vector<std::size_t>;

Inputs first_numbers(std::size_t count) {
  Inputs inputs(count);
  std::iota(inputs.begin(), inputs.end(), std::size_t{0});
  return inputs;
}

/// A device with room for so many inputs.
struct SmallDevice {
  std::size_t room;
  Inputs done = {};
  std::vector<std::size_t> sizes = {};  ///< of passes that went through

  void operator()(std::span<const std::size_t> inputs) {
    if (inputs.size() > room) throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "full");
    done.insert(done.end(), inputs.begin(), inputs.end());
    sizes.push_back(inputs.size());
  }
};

TEST(BatchLimit, HalvesWhatDoesNotFit) {
  std::vector<std::string> said;
  BatchLimit limit(1000, [&](LogLevel, std::string_view text) { said.emplace_back(text); });
  SmallDevice device{3};
  limit.run(first_numbers(20), std::ref(device));
  EXPECT_EQ(device.done, first_numbers(20));
  EXPECT_EQ(device.sizes, (std::vector<std::size_t>(10, 2)));  // 20, 10, 5 do not fit
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[2], "out of memory with 5 windows at once: continuing with 2");
  device.sizes.clear();
  limit.run(first_numbers(5), std::ref(device));
  EXPECT_EQ(device.sizes, (std::vector<std::size_t>{2, 2, 1}));  // as it has learnt
  EXPECT_EQ(said.size(), 3U);
}

TEST(BatchLimit, HalvesWhereALibraryFindsNoMemory) {
  for (const char* reason :
       {"CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"}) {
    BatchLimit limit(8, {});
    Inputs sizes;
    limit.run(first_numbers(8), [&](std::span<const std::size_t> inputs) {
      TORCH_CHECK(inputs.size() <= 4, reason);
      sizes.push_back(inputs.size());
    });
    EXPECT_EQ(sizes, (Inputs{4, 4})) << reason;
  }
  BatchLimit limit(8, {});
  EXPECT_THROW(limit.run(first_numbers(8), [](auto) { TORCH_CHECK(false, "CUDA error: no"); }),
               c10::Error);
}

TEST(BatchLimit, KeepsWhatIsGiven) {
  BatchLimit limit(1, {});
  SmallDevice device{8};
  limit.run(first_numbers(3), std::ref(device));
  EXPECT_EQ(device.sizes, (std::vector<std::size_t>{1, 1, 1}));
}

TEST(BatchLimit, NoRoomForOneIsAnError) {
  BatchLimit limit(8, {});
  SmallDevice device{0};
  testing::message_of(Fault::unavailable, [&] { limit.run(first_numbers(8), std::ref(device)); });
  EXPECT_THROW(limit.run(first_numbers(1), [](auto) { throw Error(Fault::data, "a", "b"); }),
               Error);
}

}  // namespace
}  // namespace claptools
