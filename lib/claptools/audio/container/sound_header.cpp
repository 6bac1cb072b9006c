#include "claptools/audio/container/sound_header.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace claptools {
namespace {

/// Sizes of 32 bits that programs write before they know the length, give or take the heads that
/// some of them count and rounded down to frames: near 2^31 (SoX: 2^31 - 4096 for WAV, 2^31 - 2^24
/// for AIFF; arecord: 2^31 - 256) or 2^32, or a round number (Festival's family: 2,000,000,000).
bool is_placeholder(std::uint64_t size) {
  constexpr std::uint64_t kWrap = std::uint64_t{1} << 32, kHalf = kWrap / 2, kSlack = 8192,
                          kSoxAiff = (1U << 24) + kSlack;
  constexpr std::uint64_t kBillion = 1000000000;
  if (size >= kHalf - kSoxAiff && size <= kHalf + kSlack) return true;
  if (size >= kWrap - kSlack) return true;
  const auto is_near = [&](std::uint64_t round) { return size + 64 > round && size < round + 64; };
  return is_near(kBillion) || is_near(2 * kBillion) || is_near(3 * kBillion) ||
         is_near(4 * kBillion) || is_near(kHalf / 2);
}

std::string little_endian_text(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

std::string big_endian_text(std::uint64_t value, int bytes) {
  std::string text = little_endian_text(value, bytes);
  std::ranges::reverse(text);
  return text;
}

/// A WAV header with an unknown length and this format chunk.
std::string open_wav(Bytes format, bool big) {
  constexpr const char* kUnknown = "\xFF\xFF\xFF\xFF";
  return std::string(big ? "RIFX" : "RIFF") + kUnknown + "WAVEfmt " +
         (big ? big_endian_text(format.size(), 4) : little_endian_text(format.size(), 4)) +
         std::string(format.begin(), format.end()) + "data" + kUnknown;
}

/// A format chunk of WAV: tag, channels, sample rate, bytes a second, bytes a block, bits, and in
/// the extensible form from byte 24 on the tag of what is in it.
void read_wav_format(Bytes format, bool big, Sound& sound) {
  if (format.size() < 16) return;
  const auto field = [&](std::size_t at, std::size_t length) {
    return number(format.subspan(at, length), big);
  };
  std::uint64_t tag = field(0, 2);
  if (tag == 0xFFFE && format.size() >= 26) tag = field(24, 2);
  sound.sample_rate = static_cast<double>(field(4, 4));
  const std::array<std::uint64_t, 4> plain{1, 3, 6, 7};  // PCM, float, A-law, mu-law
  const std::uint64_t bits = field(14, 2);
  if (std::ranges::find(plain, tag) != plain.end()) sound.frame = field(2, 2) * ((bits + 7) / 8);
  sound.head = open_wav(format, big);
}

/// A chunk on the way to the samples.
struct Chunk {
  Bytes head;
  std::uint64_t body = 0;  ///< offset
  std::uint64_t size = 0;  ///< of the body, as the head says

  bool is(std::string_view name) const { return matches(head, 0, name); }
};

/// As much of a chunk as matters of those that describe a format.
std::vector<std::uint8_t> read_body(const InputFile& file, const Chunk& chunk) {
  constexpr std::uint64_t kMax = 4096;
  return read_some(file, chunk.body, static_cast<std::size_t>(std::min(chunk.size, kMax)));
}

/// Chunk after chunk until `visit` returns false. @return false if one of them is cut.
template <typename Visit>
bool walk(const InputFile& file, std::uint64_t at, const Chunks& chunks, Visit&& visit) {
  for (std::size_t i = 0; i < kMaxChunks && at < file.size(); ++i) {
    const auto head = read_some(file, at, chunks.head);
    if (head.size() < chunks.head) return false;
    std::uint64_t size =
        number(Bytes(head).subspan(chunks.size_offset, chunks.size_length), chunks.big_endian);
    if (chunks.counts_head) size -= std::min<std::uint64_t>(size, chunks.head);
    const Chunk chunk{head, at + chunks.head, size};
    if (!visit(chunk)) return true;
    if (size > file.size() - chunk.body) return false;
    at += padded(chunks.head + size, chunks);
  }
  return true;
}

/// WAV, Wave64, and RF64 or BW64 with the size of the samples in a chunk of its own (EBU Tech
/// 3306).
Sound find_wav_sound(const InputFile& file, std::uint64_t first, const Chunks& chunks, bool is_rf64,
                     bool& is_cut) {
  Sound sound{.chunks = chunks, .is_32_bit = chunks.size_length == 4 && !is_rf64};
  std::uint64_t size_64 = 0;
  is_cut = !walk(file, first, chunks, [&](const Chunk& chunk) {
    if (chunk.is("data")) {
      sound.begin = chunk.body;
      sound.declared = is_rf64 ? size_64 : chunk.size;
      sound.is_unknown = sound.declared == 0 || sound.declared >> 62 != 0 ||
                         (sound.is_32_bit && is_placeholder(sound.declared));
      return false;
    }
    if (chunk.is("fmt ")) read_wav_format(read_body(file, chunk), chunks.big_endian, sound);
    if (chunk.is("ds64") && chunk.size >= 16) {
      const auto body = read_body(file, chunk);
      if (body.size() >= 16) size_64 = little_endian(Bytes(body).subspan(8, 8));
    }
    return true;
  });
  return sound;
}

/// An 80-bit float of positive sign.
double extended(Bytes bytes) {
  const auto exponent = static_cast<int>(big_endian(bytes.first(2)) & 0x7FFF);
  return std::ldexp(static_cast<double>(big_endian(bytes.subspan(2, 8))), exponent - 16383 - 63);
}

/// A CAF header with an unknown length for these plain samples: AIFF has none.
std::string open_caf(const Sound& sound, std::uint64_t channels, unsigned flags) {
  const std::uint64_t bits = 8 * sound.frame / channels;
  return std::string("caff\0\1\0\0desc", 12) + big_endian_text(32, 8) +
         big_endian_text(std::bit_cast<std::uint64_t>(sound.sample_rate), 8) + "lpcm" +
         big_endian_text(flags, 4) + big_endian_text(sound.frame, 4) + big_endian_text(1, 4) +
         big_endian_text(channels, 4) + big_endian_text(bits, 4) + "data" +
         big_endian_text(~std::uint64_t{0}, 8) + big_endian_text(0, 4);
}

/// The COMM chunk: channels, frames, bits, sample rate, and in AIFC the encoding.
void read_aiff_format(Bytes format, Sound& sound) {
  if (format.size() < 18) return;
  struct Encoding {
    std::string_view name;
    unsigned caf_flags;  // 1 = float, 2 = little-endian
  };
  constexpr std::array<Encoding, 10> kPlain{{{"NONE", 0},
                                             {"twos", 0},
                                             {"in24", 0},
                                             {"in32", 0},
                                             {"sowt", 2},
                                             {"23ni", 2},
                                             {"fl32", 1},
                                             {"FL32", 1},
                                             {"fl64", 1},
                                             {"FL64", 1}}};
  const auto encoding = std::ranges::find_if(
      kPlain, [&](const Encoding& e) { return format.size() < 22 || matches(format, 18, e.name); });
  if (encoding == kPlain.end()) return;
  const std::uint64_t channels = big_endian(format.first(2));
  sound.frame = channels * ((big_endian(format.subspan(6, 2)) + 7) / 8);
  sound.sample_rate = extended(format.subspan(8, 10));
  if (sound.frame > 0) sound.head = open_caf(sound, channels, encoding->caf_flags);
}

/// FORM, AIFF or AIFC: the samples may stand before their format.
Sound find_aiff_sound(const InputFile& file, bool& is_cut) {
  Sound sound{.chunks = kIff};
  bool has_format = false;
  is_cut = !walk(file, 12, kIff, [&](const Chunk& chunk) {
    if (chunk.is("COMM")) {
      read_aiff_format(read_body(file, chunk), sound);
      has_format = true;
    }
    if (chunk.is("SSND")) {
      const auto offset = read_some(file, chunk.body, 4);
      const std::uint64_t before = 8 + (offset.size() < 4 ? 0 : big_endian(offset));
      sound.begin = chunk.body + before;
      sound.declared = chunk.size - std::min(chunk.size, before);
      sound.is_unknown =
          chunk.size <= before || is_placeholder(chunk.size) || is_placeholder(sound.declared);
      sound.needs_rest = !has_format;
    }
    return sound.begin == 0 || !has_format;
  });
  // Compressed packets are counted by libav.
  if (sound.frame == 0) sound.begin = 0;
  return sound;
}

/// CAF: the size of the samples may be -1; they begin after the number of edits.
Sound find_caf_sound(const InputFile& file, bool& is_cut) {
  Sound sound{.chunks = kCaf, .is_32_bit = false, .libav_stops = false};
  is_cut = !walk(file, 8, kCaf, [&](const Chunk& chunk) {
    if (chunk.is("desc")) {
      const auto body = read_body(file, chunk);
      if (body.size() < 24) return true;
      const std::uint64_t frames = big_endian(Bytes(body).subspan(20, 4));
      sound.frame = frames == 0 ? 0 : big_endian(Bytes(body).subspan(16, 4));
      sound.sample_rate = std::bit_cast<double>(big_endian(Bytes(body).first(8))) /
                          static_cast<double>(std::max<std::uint64_t>(frames, 1));
    }
    if (!chunk.is("data")) return true;
    sound.begin = chunk.body + 4;
    sound.is_unknown = chunk.size >> 62 != 0;
    sound.declared = chunk.size - std::min<std::uint64_t>(chunk.size, 4);
    return false;
  });
  return sound;
}

/// AU: one header, with a size that may be 2^32 - 1.
Sound find_au_sound(Bytes head) {
  Sound sound{.libav_stops = false};
  if (head.size() < 24) return sound;
  const auto field = [&](std::size_t at) { return big_endian(head.subspan(at, 4)); };
  constexpr std::array<std::uint64_t, 8> kSampleBytes{0, 1, 1, 2, 3, 4, 4, 8};
  const std::uint64_t encoding = field(12);
  const std::uint64_t bytes = encoding < kSampleBytes.size() ? kSampleBytes[encoding]
                              : encoding == 27               ? 1
                                                             : 0;
  sound.head = ".snd" + big_endian_text(24, 4) + "\xFF\xFF\xFF\xFF" + big_endian_text(encoding, 4) +
               big_endian_text(field(16), 4) + big_endian_text(field(20), 4);
  sound.begin = field(4);
  sound.declared = field(8);
  sound.is_unknown = sound.declared == 0 || is_placeholder(sound.declared);
  sound.frame = bytes * field(20);
  sound.sample_rate = static_cast<double>(field(16));
  return sound;
}

}  // namespace

std::optional<Sound> find_sound(const InputFile& file, bool& is_cut) {
  const auto head = read_some(file, 0, 24);
  if (matches(head, 8, "WAVE")) {
    if (matches(head, 0, "RIFF")) return find_wav_sound(file, 12, kRiff, false, is_cut);
    if (matches(head, 0, "RIFX")) return find_wav_sound(file, 12, kRifx, false, is_cut);
    if (matches(head, 0, "RF64") || matches(head, 0, "BW64"))
      return find_wav_sound(file, 12, kRiff, true, is_cut);
  }
  if (matches(head, 0, "riff\x2E\x91\xCF\x11"))
    return find_wav_sound(file, 40, kWave64, false, is_cut);
  if (matches(head, 0, "FORM") && matches(head, 8, "AIF")) return find_aiff_sound(file, is_cut);
  if (matches(head, 0, "caff")) return find_caf_sound(file, is_cut);
  if (matches(head, 0, ".snd")) return find_au_sound(head);
  return {};
}

}  // namespace claptools
