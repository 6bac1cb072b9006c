#include "claptools/core/checksum.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace claptools {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5;
constexpr std::size_t kStripe = 32;

template <typename T>
T load(std::span<const std::byte> bytes) {
  static_assert(std::endian::native == std::endian::little);
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::uint64_t mix(std::uint64_t sum, std::uint64_t lane) {
  return std::rotl(sum + lane * kPrime2, 31) * kPrime1;
}

/// Consumes whole stripes.
std::uint64_t sum_of_stripes(std::span<const std::byte>& left) {
  std::array<std::uint64_t, 4> sums{kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  for (; left.size() >= kStripe; left = left.subspan(kStripe)) {
    for (std::size_t i = 0; i < 4; ++i) {
      sums[i] = mix(sums[i], load<std::uint64_t>(left.subspan(8 * i, 8)));
    }
  }
  std::uint64_t sum = std::rotl(sums[0], 1) + std::rotl(sums[1], 7) + std::rotl(sums[2], 12) +
                      std::rotl(sums[3], 18);
  for (const std::uint64_t part : sums) sum = (sum ^ mix(0, part)) * kPrime1 + kPrime4;
  return sum;
}

}  // namespace

std::uint64_t xxh64(std::span<const std::byte> bytes) {
  auto left = bytes;
  std::uint64_t sum = bytes.size() < kStripe ? kPrime5 : sum_of_stripes(left);
  sum += bytes.size();
  for (; left.size() >= 8; left = left.subspan(8)) {
    sum = std::rotl(sum ^ mix(0, load<std::uint64_t>(left)), 27) * kPrime1 + kPrime4;
  }
  for (; left.size() >= 4; left = left.subspan(4)) {
    sum = std::rotl(sum ^ load<std::uint32_t>(left) * kPrime1, 23) * kPrime2 + kPrime3;
  }
  for (const std::byte b : left) {
    sum = std::rotl(sum ^ std::to_integer<std::uint64_t>(b) * kPrime5, 11) * kPrime1;
  }
  sum = (sum ^ (sum >> 33)) * kPrime2;
  sum = (sum ^ (sum >> 29)) * kPrime3;
  return sum ^ (sum >> 32);
}

BlockChecksums block_checksums(std::span<const std::byte> file) {
  BlockChecksums sums{file.size(), {}};
  for (; !file.empty(); file = file.subspan(std::min(file.size(), sums.kBlockBytes))) {
    sums.blocks.push_back(xxh64(file.first(std::min(file.size(), sums.kBlockBytes))));
  }
  return sums;
}

}  // namespace claptools
