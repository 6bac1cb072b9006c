#pragma once
// Internal to the room: what the readers of containers share.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "claptools/audio/container/container.hpp"

namespace claptools {

using Bytes = std::span<const std::uint8_t>;

/// Fewer than `count` bytes at the end of the file only.
std::vector<std::uint8_t> read_some(const InputFile& file, std::uint64_t offset, std::size_t count);

bool matches(Bytes bytes, std::size_t offset, std::string_view text);

/// Up to 8 bytes.
std::uint64_t big_endian(Bytes bytes);
std::uint64_t little_endian(Bytes bytes);

/// WAV, RF64, Wave64, AIFF, AU, CAF, by their first bytes; false for others.
bool inspect_sound_chunks(const InputFile& file, Container& container);

/// The first link of an Ogg file.
void inspect_ogg(const InputFile& file, Container& container);

std::string early_end_of_matroska(const InputFile& file);

}  // namespace claptools
