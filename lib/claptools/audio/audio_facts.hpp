#pragma once

#include <cstdint>
#include <filesystem>

namespace claptools {

/// What the header of a recording says of it; a number that it does not tell is 0.
struct AudioFacts {
  double duration_s = 0;      ///< by the container; an estimate where that has no length
  int sample_rate = 0;        ///< Hz
  bool lossless = false;      ///< the codec keeps all that it is given: PCM, FLAC, ALAC ...
  int bits = 0;               ///< of a sample, of a lossless codec
  std::int64_t bit_rate = 0;  ///< bits/s
};

/// Reads the header and decodes one block. @throws Error{no_input}, {data}, {io} as AudioReader.
AudioFacts read_audio_facts(const std::filesystem::path& path);

}  // namespace claptools
