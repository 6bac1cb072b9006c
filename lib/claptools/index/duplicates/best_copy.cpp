#include "claptools/index/duplicates/best_copy.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace claptools {
namespace {

constexpr double kSameLength_s = 0.2, kSameLength = 1e-3;  // what padding of encoders makes
constexpr double kSameRate = 1.1;                          // 48 kHz are no more than 44.1

/// Leaves the copies of which `is_good` holds, unless that is none.
template <typename Test>
void prefer(std::vector<std::size_t>& left, const Test& is_good) {
  std::vector<std::size_t> good;
  std::ranges::copy_if(left, std::back_inserter(good), is_good);
  if (!good.empty()) left = std::move(good);
}

}  // namespace

std::size_t best_copy(std::span<const CopyFacts> copies) {
  std::vector<std::size_t> left(copies.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  const auto most = [&](const auto member) {
    return std::ranges::max(left, {}, [&](std::size_t i) { return copies[i].*member; });
  };
  prefer(left, [&](std::size_t i) { return copies[i].readable; });
  const double length = copies[most(&CopyFacts::length_s)].length_s;
  prefer(left, [&](std::size_t i) {
    return copies[i].length_s >= length - std::max(kSameLength_s, length * kSameLength);
  });
  const double rate = copies[most(&CopyFacts::sample_rate)].sample_rate;
  prefer(left, [&](std::size_t i) { return copies[i].sample_rate * kSameRate >= rate; });
  prefer(left, [&](std::size_t i) { return copies[i].lossless; });
  return *std::ranges::max_element(left, {}, [&](std::size_t i) {
    const CopyFacts& copy = copies[i];
    return std::tuple(copy.bits, copy.sample_rate, copy.lossless ? 0 : copy.bit_rate);
  });
}

}  // namespace claptools
