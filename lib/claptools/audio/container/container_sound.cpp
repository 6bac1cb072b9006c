// libav reads as much of WAV, RF64, Wave64, AIFF and CAF as a size in the header says, and writers
// get that size wrong in many ways; here it is compared with the file.
#include <algorithm>
#include <optional>
#include <string>

#include "claptools/audio/container/sound_header.hpp"

namespace claptools {
namespace {

constexpr std::uint64_t kWrap = std::uint64_t{1} << 32;

/// Size of a chunk with its head and what brings the next one to its place; none if it is no chunk.
std::optional<std::uint64_t> chunk_size(Bytes head, const Chunks& chunks) {
  const auto is_text = [](std::uint8_t c) { return c >= 0x20 && c < 0x7F; };
  if (head.size() < chunks.head) return {};
  const bool is_guid = chunks.size_offset == 16;
  if (!is_guid && !std::ranges::all_of(head.first(4), is_text)) return {};
  std::uint64_t size =
      number(head.subspan(chunks.size_offset, chunks.size_length), chunks.big_endian);
  if (size >> 62 != 0) return {};
  if (!chunks.counts_head) size += chunks.head;
  return size < chunks.head ? std::nullopt : std::optional(size);
}

/// Tags that music programs append to any file.
bool is_tag(Bytes head) {
  return matches(head, 0, "ID3") || matches(head, 0, "TAG") || matches(head, 0, "APETAGEX");
}

/// Whether the file ends at `at`, or other chunks than those with audio follow up to its end.
bool ends_in_order(const InputFile& file, std::uint64_t at, const Chunks& chunks) {
  constexpr std::uint64_t kPadding = 8;  // fewer bytes are no chunk, nor sound that is missed
  for (std::size_t i = 0; i < kMaxChunks; ++i) {
    if (at >= file.size() || file.size() - at < kPadding) return true;
    const auto head = read_some(file, at, std::max(chunks.head, std::size_t{8}));
    if (is_tag(head)) return true;
    if (chunks.head == 0) return false;
    const auto size = chunk_size(head, chunks);
    if (!size || matches(head, 0, "RIFF") || matches(head, 0, "FORM") || matches(head, 0, "data"))
      return false;
    if (*size > file.size() - at) return i > 0 || matches(head, 0, "LIST");  // a tag that was cut
    at += padded(*size, chunks);
  }
  return false;
}

bool follows_in_order(const InputFile& file, const Sound& sound, std::uint64_t bytes) {
  if (bytes > file.size() - sound.begin) return false;
  const std::uint64_t end = sound.begin + bytes;
  if (ends_in_order(file, end, sound.chunks)) return true;
  // Some writers leave the byte out that brings the next chunk to an even place.
  const std::uint64_t alignment = sound.chunks.alignment;
  return alignment > 1 && end % alignment != 0 &&
         ends_in_order(file, end + alignment - end % alignment, sound.chunks);
}

/// Bytes of samples where the size in the header is what is left of theirs modulo 2^32.
std::optional<std::uint64_t> unwrapped(const InputFile& file, const Sound& sound) {
  if (!sound.is_32_bit) return {};
  const std::uint64_t rest = file.size() - sound.begin;
  for (std::uint64_t bytes = sound.declared + kWrap; bytes <= rest; bytes += kWrap) {
    if (follows_in_order(file, sound, bytes)) return bytes;
  }
  return {};
}

/// "1.000000 s", or bytes where these are no plain samples.
std::string length_of(const Sound& sound, std::uint64_t bytes) {
  if (sound.frame == 0 || sound.sample_rate <= 0) return std::to_string(bytes) + " bytes";
  return std::to_string(static_cast<double>(bytes / sound.frame) / sound.sample_rate) + " s";
}

std::string describe_cut(const Sound& sound, std::uint64_t rest) {
  if (sound.frame == 0) return "cut off within a chunk of its container";
  return "cut off: " + length_of(sound, rest) + " of the " + length_of(sound, sound.declared) +
         " that its header declares";
}

/// Reads `bytes` of samples, as many whole frames as they are.
void take(const Sound& sound, std::uint64_t bytes, Container& container) {
  if (sound.frame == 0 || sound.needs_rest) return;  // libav stops by itself
  container.view.end = sound.begin + bytes - bytes % sound.frame;
}

/// The same where the header tells no length, or one that libav must not see.
void take_open(const Sound& sound, std::uint64_t bytes, Container& container) {
  container.is_open = true;
  container.view.end = sound.begin + bytes - (sound.frame == 0 ? 0 : bytes % sound.frame);
  // libav takes what has the highest of 32 bits set for negative, and since FFmpeg 7 refuses an AU
  // of 0 bytes.
  const bool is_sane = sound.declared > 0 && sound.declared >> 31 == 0 &&
                       (sound.declared >= bytes || !sound.libav_stops);
  if (is_sane || sound.head.empty()) return;
  container.view.head = sound.head;
  container.view.begin = sound.begin;
}

void settle(const InputFile& file, const Sound& sound, Container& container) {
  const std::uint64_t rest = file.size() - sound.begin;
  const bool can_tell = !sound.libav_stops || !sound.head.empty();
  if (!sound.is_unknown && follows_in_order(file, sound, sound.declared)) {
    take(sound, sound.declared, container);
  } else if (sound.is_unknown && sound.declared == 0 && rest > 0 &&
             follows_in_order(file, sound, 0)) {
    container.view.end = sound.begin;  // no samples, but other chunks
  } else if (sound.is_unknown && (can_tell || sound.declared >= rest)) {
    take_open(sound, rest, container);
  } else if (sound.declared > rest) {
    container.cut = describe_cut(sound, rest);
  } else if (const auto bytes = unwrapped(file, sound); bytes && can_tell) {
    take_open(sound, *bytes, container);
  } else if (sound.is_32_bit && rest >= kWrap && can_tell) {
    take_open(sound, rest, container);
    container.warning = "its header declares " + length_of(sound, sound.declared) +
                        " of audio, but the file is longer than such a header can tell: all " +
                        length_of(sound, rest) + " are read";
  } else {
    take(sound, sound.declared, container);
    container.warning =
        "its header declares " + length_of(sound, sound.declared) +
        " of audio, which are read; what follows is not a chunk; if it is audio, the file holds " +
        length_of(sound, rest);
  }
}

}  // namespace

bool inspect_sound_chunks(const InputFile& file, Container& container) {
  bool is_cut = false;
  const auto sound = find_sound(file, is_cut);
  if (!sound) return false;
  if (is_cut) {
    container.cut = "cut off within a chunk of its container";
  } else if (sound->begin > 0 && sound->begin <= file.size()) {
    settle(file, *sound, container);
  }
  return true;
}

}  // namespace claptools
