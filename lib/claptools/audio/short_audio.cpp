#include "claptools/audio/short_audio.hpp"

#include <array>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/suggest.hpp"

namespace claptools {

ShortAudio parse_short_audio(std::string_view word) {
  for (const ShortAudio mode :
       {ShortAudio::zero, ShortAudio::repeat, ShortAudio::repeatpad, ShortAudio::stretch}) {
    if (word == to_string(mode)) return mode;
  }
  const std::array<std::string, 4> words = {"zero", "repeat", "repeatpad", "stretch"};
  throw Error(Fault::usage, "`short_audio`", not_one_of(word, words));
}

std::string_view to_string(ShortAudio mode) {
  switch (mode) {
    case ShortAudio::zero:
      return "zero";
    case ShortAudio::repeat:
      return "repeat";
    case ShortAudio::repeatpad:
      return "repeatpad";
    case ShortAudio::stretch:
      return "stretch";
  }
  throw Error(Fault::internal, "short audio", "unknown mode");
}

void fit_duration(std::vector<float>& samples, std::size_t length, ShortAudio mode) {
  const std::size_t period = samples.size();
  if (period >= length) {
    samples.resize(length);
  } else if (mode == ShortAudio::zero) {
    samples.resize(length, 0.0F);
  } else if (mode != ShortAudio::stretch && period > 0) {
    const std::size_t filled = mode == ShortAudio::repeat ? length : length / period * period;
    samples.resize(length, 0.0F);
    for (std::size_t i = period; i < filled; ++i) samples[i] = samples[i - period];
  }
}

}  // namespace claptools
