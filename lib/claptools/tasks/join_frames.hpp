#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "claptools/core/matrix.hpp"
#include "claptools/tasks/window_merge.hpp"

namespace claptools {

/// Frame scores of a recording.
struct RecordingFrames {
  std::string id;
  double start_s = 0;  ///< of the first frame
  /// Of the recording; the last frame may reach beyond, or with whole windows frames may follow.
  double end_s = 0;
  double hop_s = 0;  ///< from frame to frame
  Matrix scores;     ///< [frames, classes]
};

/// How the frames of windows lie in time.
struct FrameTiming {
  double hop_s = 0;        ///< from frame to frame, a simple fraction of samples
  int sample_rate = 0;     ///< Hz
  bool stretched = false;  ///< the frames of a window divide its own length evenly
  /// Keeps all frames of a window, also those of what it was filled with, as the official scripts
  /// do. No effect on stretched windows, which are not filled.
  bool whole_windows = false;
};

/// Puts the windows of recordings together again, on one grid of frames per recording: windows may
/// overlap, and need not begin on the grid. Holds one recording: 8 bytes per frame and class.
class FrameJoiner {
 public:
  using Sink = std::function<void(const RecordingFrames&)>;

  /// @param subject the file, for messages. @throws Error{data} for a timing that cannot be.
  FrameJoiner(const FrameTiming& timing, std::string_view subject, Sink sink);

  /// A window [start_s, end_s) of a recording, not before the one that was added last. Frames that
  /// begin after its end show what it was filled with and are left out unless whole windows are
  /// kept. A window that does not begin later than the last one is of another recording with the
  /// same name; one that leaves a gap begins a part of its own, which is given to the sink by
  /// itself.
  /// @throws Error{data} naming the recording if the frames do not reach the end of the window.
  void add(const std::string& id, double start_s, double end_s, MatrixView scores);

  /// Forgets the current recording if that is its name: a later window failed.
  void drop(const std::string& id);

  /// After the last window.
  void finish();

 private:
  struct Part {
    std::string id;
    std::size_t start = 0;  ///< ticks, as the next
    std::size_t last_start = 0;
    std::size_t end = 0;  ///< of the recording, as far as windows came
    WindowMerge merge;
  };

  std::size_t tick(const std::string& id, double time_s) const;

  FrameTiming timing_;
  int ticks_;          ///< of a sample: places are whole ticks, so that hour 10 has no drift
  std::size_t frame_;  ///< ticks
  Sink sink_;
  std::optional<Part> part_;
};

}  // namespace claptools
