#pragma once

#include <bit>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "claptools/audio/audio_reader.hpp"

namespace claptools::testing {

inline const std::filesystem::path kAudioData = CLAPTOOLS_TEST_DATA "/audio";

/// The whole file, read `chunk` samples at a time.
inline std::vector<float> read_all(const std::filesystem::path& path, int sample_rate = 32000,
                                   std::size_t chunk = 65536) {
  AudioReader reader(path, sample_rate);
  std::vector<float> all;
  std::vector<float> buffer(chunk);
  while (const std::size_t count = reader.read(buffer)) {
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

struct WavFormat {
  int tag = 1;  ///< 1 = PCM, 3 = float
  int channels = 1;
  std::uint32_t sample_rate = 32000;
  int bits = 16;
};

/// A WAV header that declares `data_bytes` of samples; it is the caller's to let them follow.
inline std::string wav_header(const WavFormat& format, std::uint32_t data_bytes) {
  const auto block = static_cast<std::uint32_t>(format.channels * format.bits / 8);
  return "RIFF" + little_endian(data_bytes + 36, 4) + "WAVEfmt " + little_endian(16, 4) +
         little_endian(static_cast<std::uint32_t>(format.tag), 2) +
         little_endian(static_cast<std::uint32_t>(format.channels), 2) +
         little_endian(format.sample_rate, 4) + little_endian(format.sample_rate * block, 4) +
         little_endian(block, 2) + little_endian(static_cast<std::uint32_t>(format.bits), 2) +
         "data" + little_endian(data_bytes, 4);
}

/// `samples` are the raw bytes of the data chunk.
inline std::string wav(const WavFormat& format, const std::string& samples) {
  return wav_header(format, static_cast<std::uint32_t>(samples.size())) + samples;
}

inline std::string float_bytes(std::span<const float> samples) {
  std::string bytes;
  for (const float x : samples) bytes += little_endian(std::bit_cast<std::uint32_t>(x), 4);
  return bytes;
}

/// Noise in [-1, 1) with 24 bits, by integer arithmetic alone; make_resample.py has the same.
inline std::vector<float> noise(std::size_t count) {
  std::vector<float> samples;
  for (std::uint32_t i = 1; i <= count; ++i) {
    const auto value = static_cast<std::int32_t>(i * 2654435761U >> 8) - (1 << 23);
    samples.push_back(static_cast<float>(value) * 0x1p-23F);
  }
  return samples;
}

}  // namespace claptools::testing
