#include "claptools/optimize/trained_parameters.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>

#include <cstring>
#include <memory>

#include "claptools/core/error.hpp"
#include "claptools/model/device/device_parameters.hpp"

namespace claptools {
namespace {

/// float32 whatever it is stored as; whole numbers as they are. The bytes may lie at any address.
at::Tensor read_tensor(const WeightSet& set, const std::string& name, const at::Device& device) {
  const TensorView& view = set.tensors.at(name);
  if (view.dtype != DType::i64) {
    const auto borrowed = std::shared_ptr<const WeightSet>(&set, [](const WeightSet*) {});
    return DeviceParameters(borrowed, device).get(name).clone();
  }
  std::vector<std::int64_t> values(view.numel());
  std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
  return at::from_blob(values.data(), view.shape, at::kLong).clone().to(device);
}

}  // namespace

TrainedParameters::TrainedParameters(std::span<const Parameter> parameters, const WeightSet& start,
                                     const at::Device& device,
                                     const std::function<bool(const Parameter&)>& frozen) {
  for (const Parameter& parameter : parameters) {
    if (!start.tensors.contains(parameter.name)) continue;
    at::Tensor tensor = read_tensor(start, parameter.name, device);
    if (parameter.trainable && !frozen(parameter)) {
      tensor.set_requires_grad(true);
      trained_.push_back({parameter.name, tensor, {}, {}, {}, {}});
    }
    tensors_.emplace(parameter.name, std::move(tensor));
  }
}

at::Tensor TrainedParameters::get(const std::string& name) const {
  const auto it = tensors_.find(name);
  if (it == tensors_.end()) throw Error(Fault::internal, name, "no such weight");
  return it->second;
}

WeightSet TrainedParameters::copy(bool averaged) const {
  WeightSet set;
  for (const auto& [name, tensor] : tensors_) add_tensor(set, name, tensor);
  if (!averaged) return set;
  for (const TrainedParameter& parameter : trained_) {
    if (parameter.average.defined()) add_tensor(set, parameter.name, parameter.average);
  }
  return set;
}

void TrainedParameters::restore(const WeightSet& weights) {
  const at::NoGradGuard guard;
  for (auto& [name, tensor] : tensors_) {
    const at::Tensor saved = find_tensor(weights, name, tensor.sizes());
    if (!saved.defined()) throw Error(Fault::data, "checkpoint", "'" + name + "' is missing");
    tensor.copy_(saved);
  }
}

void add_tensor(WeightSet& set, const std::string& name, const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kCPU).contiguous();
  const DType dtype = flat.scalar_type() == at::kLong ? DType::i64 : DType::f32;
  std::vector<std::byte> bytes(static_cast<std::size_t>(flat.numel()) * item_size(dtype));
  std::memcpy(bytes.data(), flat.const_data_ptr(), bytes.size());
  set.tensors.erase(name);
  set.add(name, dtype, flat.sizes().vec(), std::move(bytes));
}

at::Tensor find_tensor(const WeightSet& set, const std::string& name, at::IntArrayRef shape) {
  const auto it = set.tensors.find(name);
  if (it == set.tensors.end()) return {};
  if (shape != at::IntArrayRef(it->second.shape)) {
    throw Error(Fault::data, "checkpoint", "'" + name + "' has another shape");
  }
  return read_tensor(set, name, at::kCPU);
}

}  // namespace claptools
