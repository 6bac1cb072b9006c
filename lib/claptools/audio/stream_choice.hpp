#pragma once

#include <string>
#include <string_view>

namespace claptools {

/// Which audio stream of a file with several is read.
struct StreamChoice {
  int number = -1;            ///< among its audio streams, from 0, as ffmpeg's `a:N`
  std::string language = {};  ///< of its tag, such as "eng": the first stream with it

  /// Neither: the one that libav takes for the best. The default one, unless it is for those who
  /// hear or see badly; of equal ones that with the most frames and the highest bit rate.
  bool is_best() const { return number < 0 && language.empty(); }
};

/// @param word "best", a number, or a language's letters. @throws Error{usage}.
StreamChoice parse_stream_choice(std::string_view word);

}  // namespace claptools
