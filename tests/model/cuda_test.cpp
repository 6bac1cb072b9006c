// A GPU against the processor, at the published size.

#include "support/cuda.hpp"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/model/device/cuda_graph.hpp"
#include "claptools/model/device/graphed_encoder.hpp"
#include "model/full_model.hpp"
#include "model/tensors.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::embed;
using testing::full_files;
using ::testing::HasSubstr;
using testing::KeptLog;
using testing::least_cosine;
using testing::make_sounds;
using testing::Sounds;

class CudaModel : public testing::Cuda {
 protected:
  static TorchModel model(Precision precision, const Log& log = {}) {
    return {full_files(), {device(), precision, Workload::audio}, log};
  }
  static TorchModel processor() {
    return {full_files(), {"cpu", Precision::fp32, Workload::audio}, {}};
  }
  static const Matrix& exact() {
    static const Matrix made = embed(processor(), make_sounds(4));
    return made;
  }

  /// The first batch of a shape is computed step by step, the second recorded, the third replayed.
  static void expect_near(Precision precision, double cosine) {
    KeptLog kept;
    const TorchModel gpu = model(precision, kept.log());
    for (const char* pass : {"step_by_step", "recorded", "replayed"}) {
      const double least = least_cosine(embed(gpu, make_sounds(4)), exact());
      EXPECT_GE(least, cosine) << pass;
      RecordProperty(std::string("one_less_cosine_") + pass,
                     (std::ostringstream() << 1 - least).str());
    }
    EXPECT_THAT(kept.said(), ElementsAre()) << "no CUDA graph?";
  }
};

TEST_F(CudaModel, Fp32IsTheProcessors) { expect_near(Precision::fp32, 1 - 1e-6); }

TEST_F(CudaModel, Tf32IsNear) {
  if (!on_gpu()) GTEST_SKIP() << "tf32 needs a GPU";
  expect_near(Precision::tf32, 1 - 1e-4);
}

TEST_F(CudaModel, Bf16IsNear) {
  try {
    expect_near(Precision::bf16, 1 - 1e-4);
  } catch (const Error& error) {
    ASSERT_FALSE(on_gpu()) << error.what();
    GTEST_SKIP() << error.what();
  }
}

/// tf32 is a setting of the process: what is loaded next sets its own.
TEST_F(CudaModel, Fp32AfterTf32IsStillExact) {
  if (!on_gpu()) GTEST_SKIP() << "tf32 needs a GPU";
  embed(model(Precision::tf32), make_sounds(1));
  EXPECT_GE(least_cosine(embed(model(Precision::fp32), make_sounds(4)), exact()), 1 - 1e-6);
}

TEST_F(CudaModel, ShortSoundsOfSeveralLengthsAreNear) {
  const TorchModel gpu = model(Precision::fp32), cpu = processor();
  for (const std::size_t samples : {513, 32000, 160001}) {
    const Sounds sounds = make_sounds(2, samples);
    EXPECT_GE(least_cosine(embed(gpu, sounds), embed(cpu, sounds)), 1 - 1e-6) << samples;
  }
}

/// From the one that comes `by` places later on.
template <class Rows>
Rows rotated(Rows rows, std::size_t by) {
  std::ranges::rotate(rows, rows.begin() + static_cast<std::ptrdiff_t>(by % rows.size()));
  return rows;
}

Matrix rotated(const Matrix& matrix, std::size_t by) {
  Matrix result(matrix.rows, matrix.cols);
  for (std::size_t i = 0; i < matrix.rows; ++i)
    std::ranges::copy(matrix.row((i + by) % matrix.rows), result.row(i).begin());
  return result;
}

/// Each with sounds in an order of its own: a row of another thread would be far off.
TEST_F(CudaModel, ThreadsDoNotMeet) {
  const TorchModel gpu = model(Precision::fp32);
  const Sounds sounds = make_sounds(4);
  std::vector<double> cosines(4, 1);
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < cosines.size(); ++t) {
    threads.emplace_back([&, t, expected = rotated(exact(), t)] {
      for (int i = 0; i < (on_gpu() ? 25 : 1); ++i)
        cosines[t] = std::min(cosines[t], least_cosine(embed(gpu, rotated(sounds, t)), expected));
    });
  }
  threads.clear();
  for (const double cosine : cosines) EXPECT_GE(cosine, 1 - 1e-6);
}

/// A graph must not depend on what another one, or its thread, leaves behind.
TEST_F(CudaModel, AModelOutlivesAnother) {
  const TorchModel gpu = model(Precision::fp32);
  {
    const TorchModel other = model(Precision::fp32);
    for (int i = 0; i < 3; ++i) {
      embed(gpu, make_sounds(4));
      embed(other, make_sounds(4));
    }
  }
  for (int i = 0; i < 2; ++i)
    EXPECT_GE(least_cosine(embed(gpu, make_sounds(4)), exact()), 1 - 1e-6);
}

TEST_F(CudaModel, TextsAreNear) {
  const std::vector<std::string> texts{"a dog barks", "rain on a tin roof while somebody whistles",
                                       ""};
  const TorchModel gpu = model(Precision::fp32), cpu = processor();
  EXPECT_GE(least_cosine(gpu.embed_texts(texts), cpu.embed_texts(texts)), 1 - 1e-6);
}

TEST_F(CudaModel, ChoosesABatch) {
  const std::size_t batch = model(Precision::bf16).preferred_batch();
  if (on_gpu()) {
    EXPECT_GE(batch, 2U);
  } else {
    EXPECT_EQ(batch, 1U);
  }
}

/// With a recorder that counts, and without one.
TEST_F(CudaModel, GraphsGiveWhatStepsGive) {
  if (!on_gpu()) GTEST_SKIP() << "CUDA graphs need a GPU";
  const RecordPass record = open_recorder();
  ASSERT_TRUE(record) << "libclaptools_cuda.so is not beside this program";
  const at::Device where = open_device(device(), {});
  enter_device(where);
  const c10::InferenceMode guard;
  const auto weights = std::make_shared<const WeightSet>(full_files().weights);
  const MgaClapNetwork network({}, DeviceParameters(weights, where), where, at::kFloat);
  wait_for(where);
  const auto encode = [&](const at::Tensor& batch) { return network.embed_audio(batch); };
  int recorded = 0;
  GraphedEncoder graphed(encode, [&](const auto& work) { return ++recorded, record(work); }, where,
                         {});
  GraphedEncoder steps(encode, {}, where, {});
  const auto run = [](GraphedEncoder& encoder, const at::Tensor& batch) {
    at::Tensor clips;
    encoder.run(batch, [&](const AudioTensors& made) { clips = made.clips.to(at::kCPU); });
    return clips;
  };
  for (const std::int64_t rows : {4, 2, 4, 2, 4}) {
    const at::Tensor batch = at::randn({rows, ModelConfig{}.audio.window_samples()}) * 0.1;
    EXPECT_LE(testing::max_abs_difference(run(graphed, batch), run(steps, batch)), 1e-6) << rows;
  }
  EXPECT_EQ(recorded, 2);
}

/// All memory but a little is taken, as by another program.
TEST_F(CudaModel, HalvesABatchThatDoesNotFit) {
  if (!on_gpu()) GTEST_SKIP() << "a processor takes one window at a time";
  constexpr std::size_t kRoom = 512 << 20;  // a window takes some 50 MB
  KeptLog kept;
  const TorchModel gpu = model(Precision::fp32, kept.log());
  const Sounds sounds = make_sounds(64);
  const Matrix whole = embed(gpu, sounds);
  EXPECT_THAT(kept.said(), ElementsAre());
  release_device_memory();
  const at::Device where = open_device(device(), {});
  const std::size_t free = free_memory(where);
  ASSERT_GT(free, kRoom);
  const at::Tensor others = at::empty({static_cast<std::int64_t>(free - kRoom)},
                                      at::TensorOptions(at::kByte).device(where));
  for (int i = 0; i < 3; ++i) EXPECT_GE(least_cosine(embed(gpu, sounds), whole), 1 - 1e-6) << i;
  EXPECT_THAT(kept.said(),
              Contains(HasSubstr("out of memory with 64 windows at once: continuing with 32")));
}

}  // namespace
}  // namespace claptools
