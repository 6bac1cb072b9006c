// A GPU against the processor: every function of a model, and the networks of all families, on
// tiny models.

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "claptools/families/laion_clap/parameters.hpp"
#include "claptools/families/ms_clap/parameters.hpp"
#include "claptools/model/device/device_parameters.hpp"
#include "claptools/model/networks/laion_clap_network.hpp"
#include "claptools/model/networks/ms_clap_network.hpp"
#include "claptools/model/networks/wavcaps_network.hpp"
#include "claptools/model/renamed_parameters.hpp"
#include "model/full_model.hpp"
#include "model/tensors.hpp"
#include "support/cuda.hpp"
#include "support/family_configs.hpp"
#include "support/family_weights.hpp"

namespace claptools {
namespace {

using testing::least_cosine;
using testing::make_sounds;
using testing::Sounds;

constexpr double kNear = 1 - 1e-6;

class CudaFunctions : public testing::Cuda {
 protected:
  static TorchModel tiny(const std::string& where) {
    return {testing::tiny_files(), {where, Precision::fp32, Workload::audio}, {}};
  }
  static double worst_difference(std::span<const float> a, std::span<const float> b) {
    EXPECT_EQ(a.size(), b.size());
    EXPECT_FALSE(a.empty());
    double worst = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
      worst = std::max(worst, std::abs(double{a[i]} - b[i]));
    return worst;
  }
};

TEST_F(CudaFunctions, FramesAndAffinities) {
  const Sounds sounds = make_sounds(3);
  const AudioOutputs all{true, true};
  const TorchModel gpu = tiny(device()), cpu = tiny("cpu");
  const AudioEmbeddings expected = testing::embed_all(cpu, sounds, all);
  for (int i = 0; i < 3; ++i) {  // step by step, recorded, replayed
    const AudioEmbeddings made = testing::embed_all(gpu, sounds, all);
    EXPECT_GE(least_cosine(made.clips, expected.clips), kNear);
    EXPECT_GE(least_cosine(made.frames, expected.frames), kNear);
    EXPECT_LE(worst_difference(made.affinities.data, expected.affinities.data), 1e-6);
  }
}

TEST_F(CudaFunctions, Codebook) {
  const TorchModel gpu = tiny(device()), cpu = tiny("cpu");
  const Codebook &a = *gpu.codebook(), &b = *cpu.codebook();
  EXPECT_EQ(a.codewords().data, b.codewords().data);
  const std::vector<float> sound = make_sounds(1)[0];
  const CodewordMixture sounds = a.audio_codes(sound), expected = b.audio_codes(sound);
  EXPECT_LE(worst_difference(sounds.weights, expected.weights), 1e-4);
  EXPECT_LE(worst_difference(sounds.affinities.data, expected.affinities.data), 1e-6);
  EXPECT_LE(worst_difference(a.text_codes("a dog").weights, b.text_codes("a dog").weights), 1e-4);
  const Matrix affinities = testing::embed_all(cpu, make_sounds(2), {false, true}).affinities;
  EXPECT_GE(least_cosine(a.pool(affinities), b.pool(affinities)), kNear);
}

TEST_F(CudaFunctions, Spectrograms) {
  const TorchModel gpu = tiny(device()), cpu = tiny("cpu");
  const Spectrograms &a = *gpu.spectrograms(), &b = *cpu.spectrograms();
  const Matrix made = a.log_mel(make_sounds(1)[0]), expected = b.log_mel(make_sounds(1)[0]);
  EXPECT_LE(worst_difference(made.data, expected.data), 2e-3);  // dB
  const MatrixView view = expected;
  EXPECT_GE(
      least_cosine(a.embed_log_mels({&view, 1}, {}).clips, b.embed_log_mels({&view, 1}, {}).clips),
      kNear);
  EXPECT_EQ(a.are_cheap(), !on_gpu());
}

/// Rows of unit length.
void expect_near(const at::Tensor& made, const at::Tensor& expected) {
  EXPECT_GE((made.to(at::kCPU) * expected).sum(-1).min().item<double>(), kNear);
}

/// Sounds of a window and shorter ones, log-mels, and texts.
template <class Network>
void expect_same(const Network& gpu, const Network& cpu, const at::Device& where,
                 const AudioConfig& audio) {
  at::manual_seed(3);
  for (const std::int64_t samples : {std::int64_t{audio.window_samples()}, std::int64_t{50000}}) {
    const at::Tensor sounds = at::randn({3, samples}) * 0.1;
    expect_near(gpu.encode_audio(sounds.to(where), {}), cpu.encode_audio(sounds, {}));
  }
  const at::Tensor ids = at::randint(1, 100, {3, 12}, at::kLong),
                   lengths = at::tensor({12, 5, 2}, at::kLong).unsqueeze(1),
                   attention = at::arange(12).unsqueeze(0) < lengths;
  expect_near(gpu.encode_text(ids.to(where), attention.to(where), {}),
              cpu.encode_text(ids, attention, {}));
}

/// Of one family's generated weights, there and here.
template <class Network, class Config>
void expect_same_family(const Config& config, const std::vector<Parameter>& parameters,
                        const std::string& device) {
  const c10::InferenceMode guard;
  const auto weights =
      std::make_shared<const WeightSet>(testing::family_weights(parameters, -45, "gpu-1"));
  const at::Device where = open_device(device, {});
  Network gpu(config, DeviceParameters(weights, where), where);
  const Network cpu(config, DeviceParameters(weights, at::kCPU), at::kCPU);
  gpu.prepare(Workload::audio, Precision::fp32);
  gpu.prepare(Workload::texts, Precision::fp32);
  expect_same(gpu, cpu, where, config.audio);
}

TEST_F(CudaFunctions, MsClap) {
  const ms_clap::Config config = testing::tiny_ms_clap();
  expect_same_family<MsClapNetwork>(config, ms_clap::model_parameters(config), device());
}

TEST_F(CudaFunctions, WavCaps) {
  const wavcaps::Config config = testing::tiny_wavcaps();
  expect_same_family<WavCapsNetwork>(config, wavcaps::model_parameters(config), device());
}

LaionClapNetwork laion(const laion_clap::Config& config,
                       const std::shared_ptr<const WeightSet>& weights, const at::Device& where) {
  const DeviceParameters file(weights, where);
  const RenamedParameters ours(file, [](const std::string& name) {
    return laion_clap::file_names(laion_clap::Layout::transformers, name);
  });
  return {config, ours, where};
}

void expect_same_laion(bool fusion, const std::string& device) {
  const c10::InferenceMode guard;
  laion_clap::Config config = testing::tiny_laion_clap();
  config.fusion = fusion;
  const auto weights = std::make_shared<const WeightSet>(
      testing::family_weights(laion_clap::model_parameters(config), -45, "gpu-1"));
  const at::Device where = open_device(device, {});
  LaionClapNetwork gpu = laion(config, weights, where);
  const LaionClapNetwork cpu = laion(config, weights, at::kCPU);
  gpu.prepare(Workload::audio, Precision::fp32);
  expect_same(gpu, cpu, where, config.audio);
  if (!fusion) return;
  const at::Tensor recording = at::randn({1, 3 * config.audio.window_samples()}) * 0.1;
  const auto embed = [](const LaionClapNetwork& network, const at::Tensor& waveform) {
    const at::Tensor views = network.join_views(network.log_mel(waveform, {})[0]).unsqueeze(0);
    return network.embed_log_mels(views).clips;
  };
  expect_near(embed(gpu, recording.to(where)), embed(cpu, recording));
}

TEST_F(CudaFunctions, LaionClap) { expect_same_laion(false, device()); }

TEST_F(CudaFunctions, LaionClapJoiningViews) {
  // As TorchModel does: convolutions in fp32 proper.
  at::globalContext().setAllowTF32CuDNN(false);
  expect_same_laion(true, device());
}

}  // namespace
}  // namespace claptools
