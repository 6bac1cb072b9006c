#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

/// Rises as the score falls; the same for 0 and -0. @param score finite.
inline std::uint32_t falling_key(float score) {
  const auto bits = std::bit_cast<std::uint32_t>(score + 0.F);  // -0 becomes 0
  return bits >> 31 ? bits : ~bits & 0x7fffffffU;
}

/// Sorts keys, the scratch being used again from call to call, in time proportional to their
/// number.
void sort_keys(std::vector<std::uint32_t>& keys, std::vector<std::uint32_t>& scratch);

/// A place in a list of scores, put in order.
class RankedScore {
 public:
  RankedScore() = default;
  /// @param score finite; @param index below 2^32.
  RankedScore(float score, std::size_t index)
      : bits_(std::uint64_t{falling_key(score)} << 32 | index) {}

  std::size_t index() const { return bits_ & 0xffffffffU; }
  float score() const;  ///< 0 for -0
  bool ties_with(const RankedScore& other) const { return key() == other.key(); }
  std::uint32_t key() const { return static_cast<std::uint32_t>(bits_ >> 32); }

 private:
  std::uint64_t bits_ = 0;
};

/// Scores from high to low, equal ones by index, in time proportional to their number.
/// @param scores finite, fewer than 2^32.
std::vector<RankedScore> descending_order(std::span<const float> scores);

}  // namespace claptools
