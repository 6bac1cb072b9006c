#include "claptools/audio/container/container.hpp"

#include <algorithm>
#include <numeric>

#include "claptools/audio/container/container_bytes.hpp"

namespace claptools {
namespace {

/// A format that is a row of chunks, each with its size in its head.
struct ChunkFormat {
  std::size_t head;                   ///< bytes of a chunk's head
  std::uint64_t first_chunk;          ///< offset of the first
  std::uint64_t alignment;            ///< chunks begin at multiples of it
  std::uint64_t (*size)(Bytes head);  ///< with the head; 0 = no end declared
};

/// AVI. Writers that cannot seek back leave a placeholder: 0, or something near 2^31 or 2^32.
std::uint64_t avi_chunk_size(Bytes head) {
  const std::uint64_t size = little_endian(head.subspan(4, 4));
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 31;
  const bool placeholder =
      size == 0 || (size > kHalf - 8192 && size <= kHalf) || size > 2 * kHalf - 8192;
  return placeholder ? 0 : size + 8;
}

/// ISO/IEC 14496-12: a size of 0 is one up to the end of the file; with 1 a 64-bit size follows.
std::uint64_t mp4_box_size(Bytes head) {
  std::uint64_t size = big_endian(head.first(4));
  if (size == 1 && head.size() >= 16) size = big_endian(head.subspan(8, 8));
  return size < 8 ? 0 : size;
}

/// Advanced Systems Format: an identifier of 16 bytes, then the size with the head; live streams
/// count no more than the head of their data object, 50 bytes.
std::uint64_t asf_object_size(Bytes head) {
  const std::uint64_t size = little_endian(head.subspan(16, 8));
  return size <= 50 || size >> 62 != 0 ? 0 : size;
}

std::string early_end_of_chunks(const InputFile& file, const ChunkFormat& format) {
  constexpr const char* kReason = "cut off within a chunk of its container";
  for (std::uint64_t at = format.first_chunk; at < file.size();) {
    const auto head = read_some(file, at, 24);
    if (head.size() < format.head) return kReason;
    const std::uint64_t size = format.size(head);
    if (size == 0) return "";
    if (size > file.size() - at) return kReason;
    at += (size + format.alignment - 1) / format.alignment * format.alignment;
  }
  return "";
}

/// ISO/IEC 13818-1: packets of 188 bytes, each of which begins with 0x47.
bool is_transport_stream(const InputFile& file) {
  const auto head = read_some(file, 0, 3 * 188 + 1);
  return head.size() > 2 * 188 && head[0] == 0x47 && head[188] == 0x47 && head[2 * 188] == 0x47;
}

}  // namespace

std::vector<std::uint8_t> read_some(const InputFile& file, std::uint64_t offset,
                                    std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  bytes.resize(file.read_at(offset, bytes));
  return bytes;
}

bool matches(Bytes bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset + text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

std::uint64_t big_endian(Bytes bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0},
                         [](std::uint64_t sum, std::uint8_t byte) { return sum << 8 | byte; });
}

std::uint64_t little_endian(Bytes bytes) {
  return std::accumulate(bytes.rbegin(), bytes.rend(), std::uint64_t{0},
                         [](std::uint64_t sum, std::uint8_t byte) { return sum << 8 | byte; });
}

Container inspect_container(const InputFile& file) {
  Container container{.view = {.end = file.size()}};
  if (inspect_sound_chunks(file, container)) return container;
  const auto head = read_some(file, 0, 16);
  if (matches(head, 0, "OggS")) {
    inspect_ogg(file, container);
  } else if (matches(head, 0, "\x1A\x45\xDF\xA3")) {
    container.cut = early_end_of_matroska(file);
  } else if (matches(head, 0, "RIFF")) {
    container.cut = early_end_of_chunks(file, {8, 12, 2, avi_chunk_size});
  } else if (matches(head, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9")) {
    container.cut = early_end_of_chunks(file, {24, 0, 1, asf_object_size});
  } else if (is_transport_stream(file)) {
    if (file.size() % 188 != 0) container.cut = "cut off within a packet of its container";
  } else {
    for (const char* type : {"ftyp", "moov", "mdat", "wide"}) {  // QuickTime knows no ftyp
      if (!matches(head, 4, type)) continue;
      container.cut = early_end_of_chunks(file, {8, 0, 1, mp4_box_size});
    }
  }
  return container;
}

}  // namespace claptools
