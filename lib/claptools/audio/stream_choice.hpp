#pragma once

#include <string>
#include <string_view>

namespace claptools {

/// The audio stream to read of a file with several.
struct StreamChoice {
  int number = -1;            ///< among its audio streams, from 0, as ffmpeg's `a:N`
  std::string language = {};  ///< of its tag, such as "eng": the first stream with it

  /// Neither: the stream that libav prefers, which is the default stream, unless it is made for
  /// people with impaired hearing or sight; of several, the one with the most frames and the
  /// highest bit rate.
  bool is_best() const { return number < 0 && language.empty(); }
};

/// @param word "best", a number, or a language's letters. @throws Error{usage}.
StreamChoice parse_stream_choice(std::string_view word);

}  // namespace claptools
