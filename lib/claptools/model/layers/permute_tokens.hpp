#pragma once

#include <ATen/core/Tensor.h>

#include "claptools/model/layers/window_order.hpp"

namespace claptools {

/// [N] int64, as permute_tokens takes an order.
at::Tensor index_tensor(const TokenOrder& order, const at::Device& device);

/// x[:, order] for a permutation. Its gradient is the inverse permutation, one gather; what
/// autograd derives for index_select adds up slice by slice.
/// @param x [B, N, C]. @param order, inverse [N] int64.
at::Tensor permute_tokens(const at::Tensor& x, const at::Tensor& order, const at::Tensor& inverse);

}  // namespace claptools
