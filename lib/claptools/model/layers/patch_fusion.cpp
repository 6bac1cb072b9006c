#include "claptools/model/layers/patch_fusion.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sqrt.h>

namespace claptools {
namespace {

/// A convolution of 1 x 1 and a batch normalisation with its running statistics as one product.
Linear fold(const ParameterSource& parameters, const std::string& convolution,
            const std::string& norm) {
  constexpr double kEps = 1e-5;
  const auto of_norm = [&](const char* part) { return parameters.get(norm + part); };
  const at::Tensor scale = of_norm(".weight") / at::sqrt(of_norm(".running_var") + kEps);
  Linear linear;
  linear.weight = parameters.get(convolution + ".weight").flatten(1) * scale.unsqueeze(1);
  linear.bias =
      (parameters.get(convolution + ".bias") - of_norm(".running_mean")) * scale + of_norm(".bias");
  return linear;
}

}  // namespace

PatchFusion::Attention::Attention(const ParameterSource& parameters, const std::string& name,
                                  int number) {
  const auto part = [&](int i) { return name + std::to_string(number + i); };
  first = fold(parameters, part(0), part(1));
  second = fold(parameters, part(3), part(4));
}

at::Tensor PatchFusion::Attention::operator()(const at::Tensor& x) const {
  return second(at::relu(first(x)));
}

PatchFusion::PatchFusion(const ParameterSource& parameters, const std::string& prefix)
    : weight_(parameters.get(prefix + "mel_conv2d.weight")),
      bias_(parameters.get(prefix + "mel_conv2d.bias")),
      local_(parameters, prefix + "fusion_model.local_att.", 0),
      global_(parameters, prefix + "fusion_model.global_att.", 1) {}

/// [B, 3, S, S] -> [B, C, grid, grid]: a part's patches are three as wide, so that all three parts
/// lie side by side; where that leaves columns over, they are zero.
at::Tensor PatchFusion::patches_of(const at::Tensor& parts, const TensorProbe& tap) const {
  const at::Tensor convolved = at::conv2d(parts.flatten(0, 1).unsqueeze(1), weight_, bias_,
                                          /*stride=*/{weight_.size(2), weight_.size(3)});
  if (tap) tap("part_convolutions", convolved);
  const std::int64_t rows = convolved.size(2);
  const at::Tensor beside =
      convolved.view({parts.size(0), parts.size(1), -1, rows, convolved.size(3)})
          .permute({0, 2, 3, 1, 4})
          .flatten(3);
  const at::Tensor map = at::constant_pad_nd(beside, {0, rows - beside.size(3)}, 0);
  if (tap) tap("part_patches", map);
  return map;
}

at::Tensor PatchFusion::operator()(const at::Tensor& whole, const at::Tensor& parts,
                                   const at::Tensor& order, const TensorProbe& tap) const {
  const at::Tensor local =
      at::index_select(patches_of(parts, tap).flatten(2).transpose(1, 2), 1, order);
  const at::Tensor sum = whole + local;
  const at::Tensor weight = at::sigmoid(local_(sum) + global_(sum.mean(1, /*keepdim=*/true)));
  return 2 * whole * weight + 2 * local * (1 - weight);
}

}  // namespace claptools
