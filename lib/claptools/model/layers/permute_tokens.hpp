#pragma once

#include <ATen/core/Tensor.h>

namespace claptools {

/// x[:, order] for a permutation. Its gradient is the inverse permutation, one gather; what
/// autograd derives for index_select adds up slice by slice.
/// @param x [B, N, C]. @param order, inverse [N] int64.
at::Tensor permute_tokens(const at::Tensor& x, const at::Tensor& order, const at::Tensor& inverse);

}  // namespace claptools
