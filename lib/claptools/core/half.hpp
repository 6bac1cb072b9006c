#pragma once

#include <bit>
#include <cstdint>

namespace claptools {

/// IEEE 754 binary16 of a float, rounded to nearest, ties to even; from 65520 on infinite.
inline std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000;
  const std::uint32_t magnitude = bits & 0x7fffffff;
  std::uint32_t half = 0;
  if (magnitude > 0x7f800000) {
    half = 0x7e00;  // NaN
  } else if (magnitude >= 0x477ff000) {
    half = 0x7c00;
  } else if (magnitude < 0x38800000) {
    // Subnormal: one unit in the last place of floats in [0.5, 1) is 2^-24, as of a subnormal half,
    // so the addition does the rounding.
    half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) -
           std::bit_cast<std::uint32_t>(0.5F);
  } else {
    const std::uint32_t odd = (magnitude >> 13) & 1;
    half = (magnitude - 0x38000000 + 0xfff + odd) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

/// The float equal to an IEEE 754 binary16.
inline float from_half(std::uint16_t half) {
#if defined(__aarch64__)
  return std::bit_cast<__fp16>(half);  // one instruction, and in a loop four at a time
#else
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 31;
  const std::uint32_t fraction = half & 0x3ff;
  std::uint32_t magnitude = ((exponent + 112) << 23) | (fraction << 13);
  if (exponent == 31) magnitude = 0x7f800000 | (fraction << 13);
  if (exponent == 0)
    magnitude = std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24F);
  return std::bit_cast<float>(sign | magnitude);
#endif
}

}  // namespace claptools
