// Sizes in headers that are not those of the file: what is read, what is said of it, what is
// refused.
#include <gmock/gmock.h>

#include <array>
#include <functional>
#include <optional>

#include "audio/audio_files.hpp"
#include "claptools/audio/container/container.hpp"
#include "claptools/core/error.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::little_endian;

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text = little_endian(value, bytes);
  return {text.rbegin(), text.rend()};
}

/// Headers of 16-bit mono at 32 kHz with `size` bytes of samples.
using Header = std::function<std::string(std::uint64_t size)>;

std::string format_16_bit() {
  return little_endian(1, 2) + little_endian(1, 2) + little_endian(32000, 4) +
         little_endian(64000, 4) + little_endian(2, 2) + little_endian(16, 2);
}

std::string wav_of(std::uint64_t size) {
  return testing::wav_header({}, static_cast<std::uint32_t>(size));
}

/// With a chunk of odd size before the samples, and the extensible form of the format.
std::string extensible_of(std::uint64_t size) {
  const std::string format = little_endian(0xFFFE, 2) + format_16_bit().substr(2) +
                             little_endian(22, 2) + little_endian(16, 2) + little_endian(4, 4) +
                             little_endian(1, 2) +
                             std::string("\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71", 14);
  return "RIFF" + little_endian(size + 100, 4) + "WAVEfmt " + little_endian(format.size(), 4) +
         format + "note" + little_endian(3, 4) + "abc" + std::string(1, '\0') + "data" +
         little_endian(size, 4);
}

std::string rf64_of(std::uint64_t size) {
  return "RF64\xFF\xFF\xFF\xFFWAVEds64" + little_endian(28, 4) + little_endian(size + 72, 8) +
         little_endian(size, 8) + little_endian(size / 2, 8) + little_endian(0, 4) + "fmt " +
         little_endian(16, 4) + format_16_bit() + "data\xFF\xFF\xFF\xFF";
}

std::string w64_of(std::uint64_t size) {
  const std::string guid("\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A", 12);
  return std::string("riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\0\0", 16) +
         little_endian(size + 104, 8) + "wave" + guid + "fmt " + guid + little_endian(40, 8) +
         format_16_bit() + "data" + guid + little_endian(size + 24, 8);
}

std::string aiff_of(std::uint64_t size) {
  const std::string rate("\x40\x0D\xFA\0\0\0\0\0\0\0", 10);  // 32000 in 80 bits
  return "FORM" + big_endian(size + 46, 4) + "AIFFCOMM" + big_endian(18, 4) + big_endian(1, 2) +
         big_endian(size / 2, 4) + big_endian(16, 2) + rate + "SSND" + big_endian(size + 8, 4) +
         big_endian(0, 8);
}

std::string au_of(std::uint64_t size) {
  return ".snd" + big_endian(24, 4) + big_endian(size, 4) + big_endian(3, 4) +
         big_endian(32000, 4) + big_endian(1, 4);
}

std::string caf_of(std::uint64_t size) {
  const double rate = 32000;
  return std::string("caff\0\1\0\0desc", 12) + big_endian(32, 8) +
         big_endian(std::bit_cast<std::uint64_t>(rate), 8) + "lpcm" + big_endian(2, 4) +
         big_endian(2, 4) + big_endian(1, 4) + big_endian(1, 4) + big_endian(16, 4) + "data" +
         big_endian(size + 4, 8) + big_endian(0, 4);
}

struct Case {
  const char* name;
  Header header;
  bool is_32_bit;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{{"wav", wav_of, true},    {"extensible", extensible_of, true},
                                     {"rf64", rf64_of, false}, {"w64", w64_of, false},
                                     {"aiff", aiff_of, true},  {"au", au_of, true},
                                     {"caf", caf_of, false}};
  return all;
}

class SoundLength : public ::testing::Test {
 protected:
  /// Samples read; `warning_` is what the reader said of them.
  std::size_t read(const std::string& bytes) {
    testing::write_bytes(folder_ / "x", bytes);
    return read_file();
  }

  std::size_t read_file() {
    AudioReader reader(folder_ / "x", 32000);
    std::vector<float> buffer(1 << 20);
    std::size_t samples = 0;
    while (const std::size_t count = reader.read(buffer)) samples += count;
    warning_ = reader.warning();
    return samples;
  }

  std::string refusal(const std::string& bytes) {
    try {
      return "read: " + std::to_string(read(bytes)) + " samples";
    } catch (const Error& e) {
      EXPECT_EQ(e.fault(), Fault::data);
      return e.reason();
    }
  }

  testing::TempDir folder_;
  std::string warning_;
  const std::string second_ = std::string(64000, '\1');
};

TEST_F(SoundLength, RightSizesAreReadWithoutAWord) {
  for (const auto& [name, header, is_32_bit] : cases()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(read(header(64000) + second_), 32000U);
    EXPECT_THAT(warning_, IsEmpty());
  }
}

TEST_F(SoundLength, ChunksAndTagsMayFollow) {
  const std::string riff = "LIST" + little_endian(4, 4) + "INFO" + "bext" + little_endian(3, 4) +
                           "abc" + std::string(1, '\0');
  EXPECT_EQ(read(wav_of(64000) + second_ + riff), 32000U);
  EXPECT_THAT(warning_, IsEmpty());
  EXPECT_EQ(read(aiff_of(64000) + second_ + "NAME" + big_endian(2, 4) + "ab"), 32000U);
  EXPECT_THAT(warning_, IsEmpty());
  EXPECT_EQ(read(caf_of(64000) + second_ + "free" + big_endian(2, 8) + "ab"), 32000U);
  EXPECT_THAT(warning_, IsEmpty());
  for (const auto& [name, header, is_32_bit] : cases()) {
    EXPECT_EQ(read(header(64000) + second_ + "TAG" + std::string(125, 'x')), 32000U) << name;
    EXPECT_THAT(warning_, IsEmpty()) << name;
  }
}

TEST_F(SoundLength, OddSizesWithoutAPadByteAreFollowed) {
  const std::string samples(64001, '\x80');
  const std::string header = testing::wav_header({.bits = 8}, 64001);
  for (const std::string& pad : {std::string(), std::string(1, '\0')}) {
    EXPECT_EQ(read(header + samples + pad + "LIST" + little_endian(4, 4) + "INFO"), 64001U);
    EXPECT_THAT(warning_, IsEmpty());
  }
}

TEST_F(SoundLength, WhatNoHeaderCountsIsTold) {
  for (const auto& [name, header, is_32_bit] : cases()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(read(header(32000) + second_), 16000U);
    EXPECT_THAT(warning_, HasSubstr("declares 0.500000 s"));
    EXPECT_THAT(warning_, HasSubstr("the file holds 1.000000 s"));
  }
  EXPECT_EQ(read(wav_of(64000) + second_ + wav_of(64000) + second_), 32000U);
  EXPECT_THAT(warning_, HasSubstr("the file holds 2.00068"));
}

TEST_F(SoundLength, FilesThatAreCutAreRefused) {
  for (const auto& [name, header, is_32_bit] : cases()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(refusal(header(64000) + second_.substr(0, 32000)),
              "cut off: 0.500000 s of the 1.000000 s that its header declares");
    EXPECT_THAT(refusal(header(64000) + second_.substr(0, 63998)), HasSubstr("cut off"));
    EXPECT_THAT(refusal(header(100'000'000) + second_), HasSubstr("cut off"));
    EXPECT_THAT(refusal(header(1'500'000'000) + second_), HasSubstr("cut off"));
    EXPECT_THAT(refusal(header(2'100'000'000) + second_), HasSubstr("cut off"));
  }
}

/// NIST SPHERE, as speech corpora have it.
TEST_F(SoundLength, SphereThatIsCut) {
  std::string header =
      "NIST_1A\n   1024\nsample_count -i 32000\nsample_n_bytes -i 2\nchannel_count -i 1\n"
      "sample_byte_format -s2 01\nsample_rate -i 32000\nsample_coding -s3 pcm\nend_head\n";
  header.resize(1024, ' ');
  EXPECT_EQ(read(header + second_), 32000U);
  EXPECT_THAT(refusal(header + second_.substr(0, 32000)),
              HasSubstr("cut off: 0.500000 s of the 1.000000 s"));
}

TEST_F(SoundLength, PlaceholdersAreReadToTheEnd) {
  for (const auto& [name, header, is_32_bit] : cases()) {
    if (!is_32_bit) continue;
    for (const std::uint64_t size :
         {0U, 2'000'000'000U, 1'999'999'964U, 0x7F000000U, 0x7FFFF000U, 0x7FFFFF00U, 0x7FFFFFDBU,
          0x7FFFFFF0U, 0x80000000U, 0x80000024U, 0xFFFFFFDBU, 0xFFFFF000U}) {
      SCOPED_TRACE(std::string(name) + " " + std::to_string(size));
      EXPECT_NO_THROW(EXPECT_EQ(read(header(size) + second_), 32000U));
      EXPECT_NO_THROW(
          EXPECT_EQ(read(header(size) + second_ + "\1"), 32000U));  // killed within a frame
      EXPECT_THAT(warning_, IsEmpty());
    }
  }
  const std::pair<const char*, std::string> largest[] = {
      {"WAV", wav_of(0xFFFFFFFF)},
      {"AU", au_of(0xFFFFFFFF)},
      {"RF64, 0", rf64_of(0)},
      {"RF64", rf64_of(~std::uint64_t{0})},
      {"W64", w64_of(std::uint64_t{0x7FFFFFFFFFFFFFFF} - 24)},
      {"CAF", caf_of(~std::uint64_t{0} - 4)}};
  for (const auto& [name, header] : largest) {
    EXPECT_NO_THROW(EXPECT_EQ(read(header + second_), 32000U) << name) << name;
  }
}

TEST_F(SoundLength, NoSamplesAreNone) {
  EXPECT_EQ(refusal(wav_of(0) + "LIST" + little_endian(4, 4) + "INFO"), "no audio samples");
}

TEST_F(SoundLength, WholeFramesAreRead) {
  for (const int bits : {16, 24, 32, 64}) {
    for (const int channels : {1, 3}) {
      const testing::WavFormat format{bits == 64 ? 3 : 1, channels, 32000, bits};
      const auto frame = static_cast<std::size_t>(channels * bits / 8);
      for (std::size_t part = 1; part < frame; ++part) {
        SCOPED_TRACE(std::to_string(bits) + " bits, " + std::to_string(part) + " bytes more");
        const std::string samples(100 * frame + part, '\0');
        EXPECT_EQ(read(testing::wav(format, samples)), 100U);
        EXPECT_EQ(read(testing::wav(format, samples) + std::string(1, '\0')), 100U);
        EXPECT_THAT(warning_, IsEmpty());
      }
    }
  }
  for (const auto& [name, header, is_32_bit] : cases()) {
    EXPECT_EQ(read(header(64001) + second_ + '\1'), 32000U) << name;
    EXPECT_THAT(warning_, IsEmpty()) << name;
  }
}

/// More than 4 GiB, of which the header tells what is left modulo 2^32. Sparse files; only their
/// beginning is decoded.
TEST_F(SoundLength, SizesThatWrapped) {
  const auto expect_all = [&](const std::string& header, std::uint64_t bytes, const char* told) {
    testing::write_bytes(folder_ / "x", header);
    std::filesystem::resize_file(folder_ / "x", header.size() + bytes);
    const Container container = inspect_container(InputFile(folder_ / "x"));
    EXPECT_EQ(container.cut, "");
    EXPECT_EQ(container.view.end, header.size() + bytes);
    AudioReader reader(folder_ / "x", 32000);
    std::vector<float> second(32000);
    EXPECT_EQ(reader.read(second), second.size());
    EXPECT_THAT(reader.warning(), HasSubstr(told));
  };
  constexpr std::uint64_t kWrap = 1ULL << 32;
  for (const auto& header : {wav_of, extensible_of, aiff_of, au_of}) {
    expect_all(header(kWrap + 6400), kWrap + 6400, "");
    expect_all(header(2 * kWrap + 6400), 2 * kWrap + 6400, "");
    // Longer than the header can tell, by another number than the one it tells.
    expect_all(header(123456), kWrap + 6400, "longer than such a header can tell");
  }
  for (const auto& header : {rf64_of, w64_of, caf_of})
    expect_all(header(kWrap + 6400), kWrap + 6400, "");
}

}  // namespace
}  // namespace claptools
