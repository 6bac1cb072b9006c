#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// A spectrogram to look at, which needs no model: mean levels of the bins of 48 bands, evenly
/// spaced in mel (O'Shaughnessy, 1987) from 50 Hz to half the sample rate, over the columns of a
/// picture. Made while the sound is read: memory holds one frame of it.
class BandLevels {
 public:
  static constexpr std::size_t kBands = 48;

  /// @param sample_rate Hz. @param samples of the whole stretch, above 0.
  /// @param max_columns of the picture, fewer for a short stretch; above 0.
  BandLevels(int sample_rate, std::size_t samples, std::size_t max_columns);

  /// The next samples, in [-1, 1].
  void push(std::span<const float> samples);

  /// Samples that have been given.
  std::size_t size() const { return pushed_; }

  /// Columns that the samples given have reached; all, when the whole stretch was given. Nothing
  /// may be pushed afterwards.
  /// @return [columns, kBands], dB against a full-scale sine, not below -100.
  Matrix finish();

 private:
  void add_frames();
  void add_frame();

  std::size_t samples_, columns_, hop_;
  std::vector<std::size_t> edges_;  ///< [kBands + 1], bins of the spectrum
  std::vector<float> pending_;      ///< from the start of the next frame on
  std::vector<std::complex<double>> spectrum_;
  std::size_t pushed_ = 0, frames_ = 0;
  std::vector<double> sums_;         ///< [columns, kBands], power
  std::vector<std::size_t> counts_;  ///< [columns], frames
};

}  // namespace claptools
