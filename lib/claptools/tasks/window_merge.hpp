#pragma once

#include <cstddef>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Frame scores of one recording from windows that may overlap: on one grid of frames, averaged
/// where several windows see a frame, with weights that favour the middle of a window (there the
/// model has heard both sides). All places are whole units (samples, or a fraction of one), so that
/// hour 10 has no drift.
class WindowMerge {
 public:
  /// @param frame_samples length of a frame of the result. @param classes columns of the scores.
  WindowMerge(std::size_t frame_samples, std::size_t classes);

  /// @param start  first sample of the window. Windows come in ascending order without gaps, the
  ///               first at 0.
  /// @param length samples of it that count; frames that lie wholly after them (padding,
  ///               repetition) are left out. No more than scores.rows * frame.
  /// @param frame  samples a frame of this window covers: frame_samples, or less for a stretched
  ///               window.
  /// @param scores [frames, classes].
  /// @throws Error{data} for another number of classes.
  void add(std::size_t start, std::size_t length, double frame, MatrixView scores);

  /// [frames, classes]; frame g spans [g, g + 1) * frame_samples, the last may reach over the end.
  Matrix finish() const;

 private:
  std::size_t frame_samples_, classes_, length_ = 0;
  std::vector<double> sums_, weights_;  ///< [frames, classes], [frames]
};

}  // namespace claptools
