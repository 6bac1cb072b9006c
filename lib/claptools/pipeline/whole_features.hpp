#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/engine/model.hpp"

namespace claptools {

/// The log-mel of a whole recording, however long, from samples that come piece by piece.
class WholeFeatures {
 public:
  /// @param model with spectrograms() and spec().audio.features; must outlive this.
  explicit WholeFeatures(const Model& model);

  void add(std::span<const float> samples);

  /// Of all that was added. @return as Spectrograms::log_mel. @throws as that.
  Matrix finish();

 private:
  void take_frames(std::size_t samples, bool is_last);

  const Spectrograms& model_;
  FrameGrid features_;
  std::size_t window_;  ///< samples that the model takes at once
  std::size_t edge_;    ///< frames at an end that see the edge
  std::vector<float> buffer_;
  std::size_t ready_ = 0;  ///< of the buffer's frames, how many were taken from the one before
  Matrix frames_;
};

}  // namespace claptools
