#pragma once

#include <bit>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "claptools/checkpoints/weight_set.hpp"
#include "claptools/core/half.hpp"

namespace claptools::testing {

/// The values of a floating tensor.
inline std::vector<double> values_of(const TensorView& view) {
  std::vector<double> values;
  for (std::size_t i = 0; i < view.numel(); ++i) {
    const std::byte* at = view.bytes.data() + i * item_size(view.dtype);
    float single = 0;
    std::uint16_t word = 0;
    std::memcpy(&single, at, item_size(view.dtype) == 4 ? 4 : 0);
    std::memcpy(&word, at, item_size(view.dtype) == 2 ? 2 : 0);
    if (view.dtype == DType::f16) single = from_half(word);
    if (view.dtype == DType::bf16) single = std::bit_cast<float>(std::uint32_t{word} << 16);
    values.push_back(single);
  }
  return values;
}

}  // namespace claptools::testing
