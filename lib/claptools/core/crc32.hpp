#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace claptools {

/// CRC-32 with zlib's polynomial, as zip archives and the goldens use it.
std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace claptools
