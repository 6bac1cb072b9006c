#include "claptools/audio/wav.hpp"

#include <cstddef>

namespace claptools {
namespace {

void append_little(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

}  // namespace

std::string wav_bytes(std::span<const std::int16_t> mono, int sample_rate) {
  const auto rate = static_cast<std::uint32_t>(sample_rate);
  const auto size = static_cast<std::uint32_t>(mono.size_bytes());
  std::string out = "RIFF";
  append_little(out, size + 36, 4);
  out += "WAVEfmt ";
  append_little(out, 16, 4);
  append_little(out, 1, 2);  // PCM
  append_little(out, 1, 2);  // channels
  append_little(out, rate, 4);
  append_little(out, rate * 2, 4);  // bytes per second
  append_little(out, 2, 2);         // bytes per sample
  append_little(out, 16, 2);
  out += "data";
  append_little(out, size, 4);
  for (const std::int16_t sample : mono) append_little(out, static_cast<std::uint16_t>(sample), 2);
  return out;
}

}  // namespace claptools
