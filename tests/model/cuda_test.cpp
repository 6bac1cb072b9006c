// A GPU against the processor, at the published size. Skipped, saying so, where there is none.

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include "claptools/model/device/device.hpp"
#include "claptools/model/torch_model.hpp"
#include "engine/tiny_files.hpp"

namespace claptools {
namespace {

using Sounds = std::vector<std::vector<float>>;

ModelFiles full_files() {
  ModelFiles files = testing::tiny_files();
  files.architecture = mga_clap::make_architecture({});
  files.weights = synthetic_weights({}, "full-1", 8);
  return files;
}

Sounds make_sounds(std::size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.1F);
  Sounds sounds(count);
  for (auto& sound : sounds) {
    sound.resize(static_cast<std::size_t>(ModelConfig{}.audio.window_samples()));
    std::ranges::generate(sound, [&] { return normal(random); });
  }
  return sounds;
}

Matrix embed(const Model& model, const Sounds& sounds) {
  const std::vector<std::span<const float>> clips(sounds.begin(), sounds.end());
  return model.embed_audio(clips, {}).clips;
}

double least_cosine(const Matrix& a, const Matrix& b) {
  double least = 1;
  for (std::size_t i = 0; i < a.rows; ++i) {
    least = std::min(least,
                     std::inner_product(a.row(i).begin(), a.row(i).end(), b.row(i).begin(), 0.0));
  }
  return least;
}

class Cuda : public ::testing::Test {
 protected:
  void SetUp() override {
    if (count_cuda_devices() == 0) GTEST_SKIP() << "no CUDA device here";
  }
  static TorchModel model(Precision precision, const char* device = "cuda") {
    return {full_files(), {device, precision, Workload::audio}, {}};
  }
  static const Matrix& exact() {
    static const Matrix made = embed(model(Precision::fp32, "cpu"), make_sounds(4));
    return made;
  }
};

TEST_F(Cuda, PrecisionsAreNearTheProcessors) {
  EXPECT_GE(least_cosine(embed(model(Precision::fp32), make_sounds(4)), exact()), 1 - 1e-6);
  EXPECT_GE(least_cosine(embed(model(Precision::tf32), make_sounds(4)), exact()), 1 - 1e-4);
  EXPECT_GE(least_cosine(embed(model(Precision::bf16), make_sounds(4)), exact()), 1 - 1e-4);
}

TEST_F(Cuda, RecordedBatchesAreTheSame) {
  const TorchModel gpu = model(Precision::bf16);
  const Sounds sounds = make_sounds(4);
  const Matrix first = embed(gpu, sounds);
  for (int i = 0; i < 4; ++i) EXPECT_GE(least_cosine(embed(gpu, sounds), first), 1 - 1e-6);
}

TEST_F(Cuda, ThreadsDoNotMeet) {
  const TorchModel gpu = model(Precision::fp32);
  const Sounds sounds = make_sounds(4);
  std::vector<double> cosines(4);
  std::vector<std::jthread> threads;
  for (double& cosine : cosines) {
    threads.emplace_back([&] {
      cosine = 1;
      for (int i = 0; i < 8; ++i)
        cosine = std::min(cosine, least_cosine(embed(gpu, sounds), exact()));
    });
  }
  threads.clear();
  EXPECT_GE(*std::ranges::min_element(cosines), 1 - 1e-6);
}

TEST_F(Cuda, TextsAreNearTheProcessors) {
  const std::vector<std::string> texts{"a dog barks", "rain on a tin roof while somebody whistles"};
  EXPECT_GE(least_cosine(model(Precision::fp32).embed_texts(texts),
                         model(Precision::fp32, "cpu").embed_texts(texts)),
            1 - 1e-6);
}

TEST_F(Cuda, ChoosesABatch) { EXPECT_GE(model(Precision::bf16).preferred_batch(), 2U); }

}  // namespace
}  // namespace claptools
