#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

/// Mel spectrogram of a sound on the CPU in float32: as many frames at a time as a vector has
/// lanes, so that neither frames nor spectra are ever stored and no sum of a frame depends on the
/// others. Source: docs/reference/pipeline.md, steps 4 and 5.
class MelFrames {
 public:
  /// @param window  [n_fft]; n_fft a power of two, at least 4 (see takes()).
  /// @param filters [n_fft/2 + 1, n_mels]. Of a mel only the bins between its first and its last
  ///                that are not 0 are read.
  MelFrames(std::span<const float> window, std::span<const float> filters, std::int64_t hop);

  static bool takes(std::int64_t n_fft) { return n_fft >= 4 && (n_fft & (n_fft - 1)) == 0; }

  /// @param sound reflected at both edges, as the centred frames need it: longer than n_fft / 2.
  /// @param mels  receives [1 + size / hop, n_mels], powers.
  void compute(std::span<const float> sound, float* mels) const;

  /// What the loops read.
  struct Plan {
    std::int64_t n_fft, hop;
    std::vector<float> window;                   ///< [n_fft]
    std::vector<std::int64_t> order;             ///< [n_fft / 2]: index with its bits reversed
    std::vector<float> cosines, sines;           ///< [n_fft / 2] of 2 pi k / n_fft
    std::vector<std::int64_t> first, past_last;  ///< [n_mels] bins of a mel
    std::vector<float> weights;                  ///< of those bins, mel by mel
  };

 private:
  Plan plan_;
};

}  // namespace claptools
