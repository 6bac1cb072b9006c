// The published size in other precisions, against float32.

#include <ATen/core/Tensor.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <memory>

#include "claptools/core/error.hpp"
#include "model/tensors.hpp"

namespace claptools {
namespace {

double least_cosine(const at::Tensor& a, const at::Tensor& b) {
  return (a * b).sum(-1).min().item<double>();
}

at::Tensor embed(const MgaClapNetwork& network, const at::Tensor& waveforms) {
  return network.embed(network.encode_audio(waveforms));
}

/// Skips where the processor or this LibTorch cannot.
void expect_near_fp32(Precision precision, double cosine) {
  const c10::InferenceMode guard;
  std::unique_ptr<MgaClapNetwork> network;
  try {
    network = std::make_unique<MgaClapNetwork>(testing::synthetic_network({}, "full-1", 8));
    network->prepare_audio(precision);
  } catch (const Error& error) {
    ASSERT_EQ(error.fault(), Fault::unavailable);
    GTEST_SKIP() << error.what();
  }
  const at::Tensor waveforms = at::randn({2, ModelConfig{}.audio.window_samples()}) * 0.1;
  const at::Tensor exact = embed(testing::full_network(), waveforms);
  const at::Tensor fast = embed(*network, waveforms);
  EXPECT_GE(least_cosine(exact, fast), cosine);
  EXPECT_GT(testing::max_abs_difference(exact, fast), 0) << "computed in float32";
}

TEST(Precision, Bfloat16IsNear) { expect_near_fp32(Precision::bf16, 1 - 1e-3); }

TEST(Precision, EightBitsAreNear) { expect_near_fp32(Precision::int8, 0.995); }

}  // namespace
}  // namespace claptools
