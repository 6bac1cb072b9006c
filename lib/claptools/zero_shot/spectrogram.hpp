#pragma once

#include <cstddef>
#include <string>

#include "claptools/audio/stream_choice.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/engine/model.hpp"
#include "claptools/manifests/audio_source.hpp"
#include "claptools/pipeline/embed_audio.hpp"

namespace claptools {

/// A stretch of a recording, and how its file is read.
struct SpectrogramRequest {
  double start_s = 0, end_s = 0;
  StreamChoice stream = {};
  TimeZero time_zero = TimeZero::audio;  ///< what 0 s is
  std::size_t max_columns = 2000;
};

/// Whether the model looks at log-mel spectrograms that can be shown.
bool has_spectrogram(const Model& model);

/// What the model sees of a recording, read again from its file, frames averaged to at most
/// `max_columns`. Made window by window, so that memory does not grow with the length.
/// @param model with has_spectrogram(). @return [columns, mel bands], dB.
/// @throws as Sound.
Matrix read_spectrogram(const AudioSource& source, const Model& model,
                        const SpectrogramRequest& request);

}  // namespace claptools
