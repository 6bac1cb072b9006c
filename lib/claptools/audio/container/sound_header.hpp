#pragma once
// Internal to the room: where the headers of WAV, RF64, Wave64, AIFF, AU and CAF say that the
// samples are.

#include <cstdint>
#include <optional>
#include <string>

#include "claptools/audio/container/container_bytes.hpp"

namespace claptools {

/// Of one file; more are left to libav.
inline constexpr std::size_t kMaxChunks = 100000;

/// How chunks follow one another.
struct Chunks {
  std::size_t head;         ///< bytes of a chunk's head
  std::size_t size_offset;  ///< of the size in it
  std::size_t size_length;
  bool big_endian;
  bool counts_head;         ///< the size does
  std::uint64_t alignment;  ///< chunks begin at multiples of it; 0: none follow the audio
};

inline constexpr Chunks kRiff{8, 4, 4, false, false, 2}, kRifx{8, 4, 4, true, false, 2};
inline constexpr Chunks kIff{8, 4, 4, true, false, 2};
inline constexpr Chunks kWave64{24, 16, 8, false, true, 8};
inline constexpr Chunks kCaf{12, 4, 8, true, false, 1};
inline constexpr Chunks kNone{0, 0, 0, true, false, 0};

/// What a header tells of its samples.
struct Sound {
  Chunks chunks = kNone;
  std::uint64_t begin = 0;     ///< of the samples
  std::uint64_t declared = 0;  ///< bytes of them
  bool is_unknown = false;     ///< the size is one that only stands for an unknown one
  bool is_32_bit = true;       ///< the size can wrap
  std::uint64_t frame = 0;     ///< bytes; 0: not plain samples
  double sample_rate = 0;      ///< Hz
  bool needs_rest = false;     ///< chunks after the samples tell their format
  bool libav_stops = true;     ///< at the size in the header
  std::string head = {};       ///< tells libav the same without a size; empty: cannot be told
};

inline std::uint64_t number(Bytes bytes, bool big) {
  return big ? big_endian(bytes) : little_endian(bytes);
}

inline std::uint64_t padded(std::uint64_t size, const Chunks& chunks) {
  return (size + chunks.alignment - 1) / chunks.alignment * chunks.alignment;
}

/// Nothing for other files; `begin` is 0 where the samples were not found. @throws Error{io}
/// @param is_cut a chunk before them, or what tells their format, is not whole.
std::optional<Sound> find_sound(const InputFile& file, bool& is_cut);

}  // namespace claptools
