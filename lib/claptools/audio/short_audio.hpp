#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace claptools {

/// How to fill audio that is shorter than the model's window. Source: docs/reference/pipeline.md,
/// step 3.
enum class ShortAudio {
  zero,       ///< zeros follow it (classification protocol)
  repeatpad,  ///< it is repeated as often as it fits whole, then zeros (LAION's CLAP)
  repeat,     ///< it is repeated and cut (sound event detection protocol)
  stretch,    ///< left as it is: the features are stretched in time (retrieval protocol)
};

/// @throws Error{usage} naming the words if `word` is not one of them.
ShortAudio parse_short_audio(std::string_view word);

std::string_view to_string(ShortAudio mode);

/// Makes `samples` `length` long: longer audio is cut, shorter audio is filled as `mode` says. With
/// `stretch` the result may be shorter; empty audio has nothing to repeat and stays empty with
/// `repeat`.
void fit_duration(std::vector<float>& samples, std::size_t length, ShortAudio mode);

}  // namespace claptools
