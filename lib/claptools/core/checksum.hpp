#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

/// XXH64 with seed 0 (the xxHash specification), as `xxhsum -H1` prints it: detects damage at the
/// speed of memory, but does not stand against forgery.
std::uint64_t xxh64(std::span<const std::byte> bytes);

/// Checksums of a file by blocks, so that a part of it can be checked without reading the rest.
struct BlockChecksums {
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 18;

  std::uint64_t bytes = 0;            ///< size of the file
  std::vector<std::uint64_t> blocks;  ///< XXH64 of each block; the last one may be short

  bool operator==(const BlockChecksums&) const = default;
};

BlockChecksums block_checksums(std::span<const std::byte> file);

}  // namespace claptools
