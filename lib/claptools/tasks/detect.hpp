#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/tasks/csebbs/csebbs.hpp"

namespace claptools {

/// A sound event; times are seconds from the beginning of the recording.
struct Event {
  std::string label;
  double onset_s = 0;
  double offset_s = 0;
  /// The highest frame score inside, as it was compared or filtered; a box's confidence.
  float score = 0;

  bool operator==(const Event&) const = default;
};

/// How frame scores become events.
struct DetectOptions {
  std::size_t median_window = 3;  ///< frames; 1 = no filter
  double median_s = 0;            ///< instead, if > 0: the nearest odd number of frames, s
  double max_gap_s = 0;           ///< events of a class this close or closer become one
  double min_duration_s = 0;      ///< shorter ones are dropped
  /// Sound event detection filters the scores, then compares them; a gap has no more frames than
  /// fit into max_gap_s. Grounding compares sigmoids of the scores, then filters the binary
  /// sequence; max_gap_s is rounded up to whole frames. Source: official MGA-CLAP scripts.
  bool grounding = false;
};

/// Events of one recording, ordered by onset, then offset, then class.
/// @param frame_scores [frames, labels.size()], cosines; frame i spans [i * hop_s, (i + 1) *
/// hop_s).
/// @param duration_s   events are cut there, and dropped if they begin later.
/// @param thresholds   one per label; a frame, or a box, is active if it is strictly greater.
/// @param boxes        one per label: events are bounding boxes, and of `options` only the least
///                     duration counts; or none.
/// @throws Error{data} if the classes are not as many as the labels or a score is not finite;
/// {usage} for a hop, gap, duration or filter that cannot be.
std::vector<Event> detect(MatrixView frame_scores, double hop_s, double duration_s,
                          std::span<const std::string> labels, std::span<const double> thresholds,
                          const DetectOptions& options,
                          std::span<const CsebbsParameters> boxes = {});

/// A frame as detect() compares it: filtered or, with `grounding`, its sigmoid; or a box.
struct PeakFrame {
  float score = 0;
  double time_s = 0;  ///< where it begins
};

/// The highest frame of each class, of equal ones the first; of no class without frames. The same
/// of `boxes`, where there are any.
/// @throws as detect().
std::vector<PeakFrame> find_peaks(MatrixView frame_scores, double hop_s, double duration_s,
                                  const DetectOptions& options,
                                  std::span<const CsebbsParameters> boxes = {});

}  // namespace claptools
