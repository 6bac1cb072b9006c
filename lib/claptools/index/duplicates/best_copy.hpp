#pragma once

#include <cstddef>
#include <span>

namespace claptools {

/// What is known of one of several copies of a recording; 0 or false where it is not.
struct CopyFacts {
  bool readable = false;  ///< the file is there and is audio
  double length_s = 0;    ///< by its header, else by its rows
  int sample_rate = 0;    ///< Hz
  bool lossless = false;
  int bits = 0;         ///< of a sample, where it is lossless
  double bit_rate = 0;  ///< bits/s
};

/// The copy to keep: one that can be read; of these the longest, where a fifth of a second or a
/// thousandth, such as encoders add, makes no difference; of these the highest sample rate, where a
/// tenth (44.1 and 48 kHz) makes none; of these a lossless one; then the most bits a sample, the
/// highest sample rate, the highest bit rate of lossy ones, the first.
/// @param copies at least one. @return its number.
std::size_t best_copy(std::span<const CopyFacts> copies);

}  // namespace claptools
