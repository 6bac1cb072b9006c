#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "claptools/audio/short_audio.hpp"

namespace claptools {

/// How the log-mel frames of a window lie: what windows that overlap need to share them.
struct FrameGrid {
  std::size_t hop = 0;   ///< samples between frames
  std::size_t edge = 0;  ///< samples at either end of a window that its frames see reflected
};

/// What a model takes as audio, and how finely it looks at it.
struct AudioSpec {
  int sample_rate = 0;                              ///< Hz
  double window_s = 0;                              ///< longest clip of one pass, s
  std::size_t window_samples = 0, min_samples = 0;  ///< longest and shortest clip of one pass
  std::size_t frames = 0;             ///< frame embeddings per window; 0: the model has none
  std::optional<FrameGrid> features;  ///< if windows may share log-mel frames
  /// What the towers see of a sound, in the name of the vectors' space:
  /// "32000/320/1024/64/50-14000".
  std::string front_end;
  std::size_t views = 1;  ///< of a recording longer than the window that one pass can join
  ShortAudio short_audio = ShortAudio::zero;  ///< how the family's own code fills a short clip
};

/// All that the rest of the house may know of a model without asking which family it is of.
struct ModelSpec {
  std::string family;  ///< model_type of its configuration
  std::string name;
  std::size_t dim = 0;         ///< of an embedding
  std::size_t max_tokens = 0;  ///< a text is cut to
  std::size_t codewords = 0;   ///< that audio and text share; 0: it has no codebook
  AudioSpec audio;
};

}  // namespace claptools
