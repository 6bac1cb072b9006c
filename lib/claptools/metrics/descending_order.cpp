#include "claptools/metrics/descending_order.hpp"

#include <array>
#include <bit>
#include <numeric>

namespace claptools {
namespace {

constexpr int kDigitBits = 11;  // three digits hold a key
constexpr int kPasses = 3;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

std::uint32_t key_of(std::uint32_t key) { return key; }
std::uint32_t key_of(const RankedScore& score) { return score.key(); }

template <typename Item>
std::size_t digit_of(const Item& item, int pass) {
  return (key_of(item) >> (pass * kDigitBits)) % kDigits;
}

/// Radix sort, equal keys in the order they had.
template <typename Item>
void sort_by_key(std::vector<Item>& items, std::vector<Item>& scratch) {
  std::array<std::array<std::size_t, kDigits>, kPasses> counts{};
  for (const Item& item : items) {
    for (int pass = 0; pass < kPasses; ++pass) ++counts[pass][digit_of(item, pass)];
  }
  scratch.resize(items.size());
  for (int pass = 0; pass < kPasses; ++pass) {
    auto& next = counts[pass];
    std::exclusive_scan(next.begin(), next.end(), next.begin(), std::size_t{0});
    for (const Item& item : items) scratch[next[digit_of(item, pass)]++] = item;
    items.swap(scratch);
  }
}

}  // namespace

float RankedScore::score() const {
  return std::bit_cast<float>(key() >> 31 ? key() : ~key() & 0x7fffffffU);
}

void sort_keys(std::vector<std::uint32_t>& keys, std::vector<std::uint32_t>& scratch) {
  sort_by_key(keys, scratch);
}

std::vector<RankedScore> descending_order(std::span<const float> scores) {
  std::vector<RankedScore> order(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) order[i] = RankedScore(scores[i], i);
  std::vector<RankedScore> scratch;
  sort_by_key(order, scratch);
  return order;
}

}  // namespace claptools
