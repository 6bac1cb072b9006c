#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "claptools/families/mga_clap/synthetic.hpp"
#include "claptools/model/device/device_parameters.hpp"
#include "claptools/model/networks/mga_clap_network.hpp"
#include "support/configs.hpp"

namespace claptools::testing {

/// A network on weights as they are, for inference on the CPU.
inline MgaClapNetwork network_of(const ModelConfig& config, WeightSet weights) {
  const auto kept = std::make_shared<const WeightSet>(std::move(weights));
  return {config, DeviceParameters(kept, at::kCPU), at::kCPU, at::kFloat};
}

/// A network with the generator's weights.
inline MgaClapNetwork synthetic_network(const ModelConfig& config, const char* salt, double gain) {
  return network_of(config, synthetic_weights(config, salt, gain));
}

inline const MgaClapNetwork& tiny_network() {
  static const MgaClapNetwork network = synthetic_network(tiny_config(), "tiny-1", 64);
  return network;
}

inline const MgaClapNetwork& full_network() {
  static const MgaClapNetwork network = synthetic_network(ModelConfig{}, "full-1", 8);
  return network;
}

/// As clap-embed uses it: packed weights, no attention weights, no padding of texts.
inline MgaClapNetwork prepared(MgaClapNetwork network) {
  network.prepare_audio(Precision::fp32);
  network.prepare_texts();
  return network;
}

inline std::vector<float> to_vector(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.to(at::kFloat).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

inline at::Tensor to_tensor(std::span<const float> values, at::IntArrayRef shape) {
  return at::tensor(at::ArrayRef<float>(values.data(), values.size())).view(shape);
}

inline double max_abs_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

inline double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += double{a[i]} * b[i];
    aa += double{a[i]} * a[i];
    bb += double{b[i]} * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace claptools::testing
