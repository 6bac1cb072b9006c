#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "claptools/metrics/sed/detection_frames.hpp"

namespace claptools {

/// What is detected: a maximal run of frames that reach the threshold.
struct DetectedRun {
  std::size_t clip = 0;
  std::uint32_t first_frame = 0;  ///< among the frames of all clips; names the run
  double onset_s = 0;
  double offset_s = 0;
};

class DetectionSweep;

/// Counts something about the runs while the threshold falls.
class RunCounter {
 public:
  virtual ~RunCounter() = default;
  /// A run that was added grows or is joined: `add` of what becomes of it follows.
  virtual void remove(const DetectedRun& run) = 0;
  /// One frame more is in, and this is the run that it belongs to.
  virtual void add(const DetectedRun& run) = 0;
  /// All frames of a clip with the current score are in.
  virtual void settle(std::size_t clip, const DetectionSweep& sweep) = 0;
  /// All clips are: what reaches `score` is detected.
  virtual void reach(double score) = 0;
};

/// Lowers the threshold of one class through every score that occurs. The frames of all clips come
/// in by descending score (equal ones by clip and time) and each changes at most three runs, so
/// that the whole sweep costs little more than sorting the scores. Frames of -infinity stay out.
class DetectionSweep {
 public:
  /// @param frames must outlive this object; @param c below frames.classes().
  DetectionSweep(const DetectionFrames& frames, std::size_t c);

  void run(std::span<RunCounter* const> counters);

  /// The runs of a clip at the score just reached, in order of time.
  std::vector<DetectedRun> runs(std::size_t clip) const;

 private:
  void fetch(std::size_t frame) const;
  DetectedRun make_run(std::size_t clip, std::uint32_t first, std::uint32_t last) const;
  void enter(std::uint32_t frame, std::span<RunCounter* const> counters);

  const DetectionFrames& frames_;
  std::span<const float> scores_;
  const ScoreCodes& codes_;
  std::vector<std::uint32_t> far_end_;  // of a run, at its first and its last frame
};

}  // namespace claptools
