// A GPU through the plug-in, as the programs use it. Skipped, saying so, where there is none.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "claptools/engine/known_answer.hpp"
#include "claptools/engine/probes.hpp"
#include "engine/has_cuda.hpp"

namespace claptools {
namespace {

using testing::load;
using testing::tiny_files;
using testing::tiny_model;

/// CLAPTOOLS_TEST_DEVICE=cpu tries the tests themselves, without a GPU.
class CudaPlugin : public ::testing::Test {
 protected:
  static bool on_gpu() {
    const char* name = std::getenv("CLAPTOOLS_TEST_DEVICE");
    return !name || std::string_view(name) != "cpu";
  }
  void SetUp() override {
    if (on_gpu() && !testing::has_cuda()) GTEST_SKIP() << "no CUDA device here";
  }
  static std::string all() { return on_gpu() ? "cuda:all" : "cpu"; }
};

float worst_difference(const Matrix& a, const Matrix& b) {
  EXPECT_EQ(a.data.size(), b.data.size());
  float worst = 0;
  for (std::size_t i = 0; i < std::min(a.data.size(), b.data.size()); ++i)
    worst = std::max(worst, std::abs(a.data[i] - b.data[i]));
  return worst;
}

TEST_F(CudaPlugin, AllDevicesServeSeveralThreads) {
  const auto model = load(tiny_files(), all());
  EXPECT_GE(model->devices(), 1U);
  if (on_gpu()) {
    EXPECT_TRUE(model->device().starts_with("cuda:0")) << model->device();
    EXPECT_EQ(std::ranges::count(model->device(), ' ') + 1,
              static_cast<std::ptrdiff_t>(model->devices()));
  }
  const Matrix sounds = embed_probe_sounds(tiny_model()),
               texts = tiny_model().embed_texts(probe_texts());
  std::vector<float> worst(2 * model->devices() + 2);
  std::vector<std::jthread> threads;
  for (float& difference : worst) {
    threads.emplace_back([&] {
      for (int i = 0; i < 6; ++i) {
        difference = std::max({difference, worst_difference(embed_probe_sounds(*model), sounds),
                               worst_difference(model->embed_texts(probe_texts()), texts)});
      }
    });
  }
  threads.clear();
  EXPECT_LE(*std::ranges::max_element(worst), kKnownAnswerTolerance);
}

TEST_F(CudaPlugin, AModelPassesItsChecks) {
  const auto model = load(tiny_files(), on_gpu() ? "cuda" : "cpu");
  EXPECT_NO_THROW(model->check_texts());
  EXPECT_NO_THROW(model->check_sounds());
  EXPECT_LE(worst_difference(embed_probe_sounds_at_once(*model), embed_probe_sounds(tiny_model())),
            kKnownAnswerTolerance);
}

}  // namespace
}  // namespace claptools
