#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

/// Consecutive frames [onset, offset).
struct FrameRun {
  std::size_t onset = 0;
  std::size_t offset = 0;

  bool operator==(const FrameRun&) const = default;
};

/// Median over `window` frames, as scipy.ndimage.median_filter in mode "reflect": the sequence is
/// mirrored with its edge sample repeated, as often as the window needs. The window of frame i
/// begins at i - window / 2; an even window takes the upper of its two middle values.
/// @throws Error{usage} for window 0.
std::vector<float> median_filter(std::span<const float> scores, std::size_t window);
std::vector<double> median_filter(std::span<const double> scores, std::size_t window);

/// The same over the frames of each column. @param scores [frames, classes].
Matrix median_filter(MatrixView scores, std::size_t window);

/// 1 / (1 + exp(-x)), rounded to float32 once.
std::vector<float> sigmoid(std::span<const float> x);
/// The same in float64.
std::vector<double> sigmoid(std::span<const double> x);

/// The maximal runs of frames with a score strictly greater than `threshold`, compared as doubles.
std::vector<FrameRun> runs_above(std::span<const float> scores, double threshold);

/// Makes one run of neighbours with at most `max_gap` frames between them. @param runs rising, not
/// touching.
std::vector<FrameRun> join_runs(std::span<const FrameRun> runs, std::size_t max_gap);

/// Text-to-audio grounding of one phrase: probabilities are compared with the threshold, both as
/// float32; the binary sequence is filtered; near runs are joined. Source: official MGA-CLAP
/// grounding script (window 3, gaps of ceil(0.5 s / 0.3125 s) = 2 frames).
std::vector<FrameRun> grounding_events(std::span<const float> probabilities, double threshold,
                                       std::size_t window = 3, std::size_t max_gap = 2);
/// The same of probabilities in float64, compared as these.
std::vector<FrameRun> grounding_events(std::span<const double> probabilities, double threshold,
                                       std::size_t window = 3, std::size_t max_gap = 2);

}  // namespace claptools
