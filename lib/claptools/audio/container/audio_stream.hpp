#pragma once

#include <string>

#include "claptools/audio/stream_choice.hpp"

struct AVFormatContext;

namespace claptools {

/// Index of the audio stream that was asked for. @param file for messages.
/// @throws Error{data} if there is none, saying which there are.
int choose_audio_stream(AVFormatContext& format, const StreamChoice& choice,
                        const std::string& file);

}  // namespace claptools
