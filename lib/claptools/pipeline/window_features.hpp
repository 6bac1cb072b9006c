#pragma once

#include <cstddef>
#include <span>

#include "claptools/core/matrix.hpp"
#include "claptools/engine/model.hpp"
#include "claptools/pipeline/window_reader.hpp"

namespace claptools {

/// Log-mels of the overlapping windows of a recording. A frame that lies within two windows is
/// computed once; those at the edges of a window, which see it reflected
/// (docs/reference/pipeline.md, step 4), again.
class WindowFeatures {
 public:
  /// Whether taking log-mels is cheap and most frames that two windows have in common can be
  /// shared: the hop must be a multiple of the frames'.
  static bool worthwhile(const Model& model, const WindowGrid& grid);

  /// @param model with spectrograms() and spec().audio.features; must outlive this.
  WindowFeatures(const Model& model, const WindowGrid& grid);

  /// @param window the next one of the recording, filled if it is short.
  /// @return as Spectrograms::log_mel. @throws as that.
  Matrix next(std::span<const float> window);

 private:
  const Spectrograms& model_;
  FrameGrid features_;
  std::size_t shift_;                      ///< frames from one window to the next
  std::size_t edge_;                       ///< frames at an end that see the edge
  std::size_t first_shared_, end_shared_;  ///< frames of a window that the one before has too
  Matrix previous_;
};

}  // namespace claptools
