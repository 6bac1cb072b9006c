#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/metrics/score_codes.hpp"
#include "claptools/tasks/csebbs/csebbs.hpp"

namespace claptools {

/// Frame scores of the clips that are evaluated, kept class by class: the frames of all clips, one
/// clip after the other.
class DetectionFrames {
 public:
  /// @param columns       of the scores, one for each class evaluated (GroundTruth::classes).
  /// @param median_window frames of the filter over each clip's scores; 1 leaves them as they are.
  /// @throws Error{usage} for a window of 0.
  explicit DetectionFrames(std::vector<std::size_t> columns, std::size_t median_window = 1);

  /// Appends the next clip (GroundTruth::clips holds their order).
  /// @param scores     [frames, all columns]; padding is left out.
  /// @param boundaries frames + 1, seconds, rising: frame i spans boundaries[i] to [i + 1].
  /// @param clip_id    for messages.
  /// @throws Error{data} naming the clip: no frame, a score that is not finite, boundaries
  /// ("frame_times") of another number or not increasing, too few columns.
  void append(MatrixView scores, std::span<const double> boundaries, std::string_view clip_id);

  /// The same of float64 scores; of all clips or none. rank() must follow the last one.
  void append(const DoubleMatrix& scores, std::span<const double> boundaries,
              std::string_view clip_id);
  void rank();

  /// Appends the next clip as bounding boxes; of all clips or none, and rank() must follow the last
  /// one. A frame inside a box has its confidence; one outside has -infinity, which no threshold
  /// reaches.
  /// @param boxes of each class evaluated, apart. @param end_s of the clip, if no box ends later.
  void append_boxes(std::span<const std::vector<EventBox>> boxes, double end_s);

  /// One class alone, whose scores, or their codes, append_steps() adds.
  explicit DetectionFrames(ScoreCodes codes) : DetectionFrames(std::vector<std::size_t>{0}) {
    codes_[0] = std::move(codes);
  }
  /// Appends the next clip of such frames, without looking at them.
  /// @param boundaries one more than scores, rising; none if there is no score.
  void append_steps(std::span<const float> scores, std::span<const double> boundaries);

  std::size_t clips() const { return first_frames_.size() - 1; }
  std::size_t classes() const { return columns_.size(); }
  /// Scores of all frames of all clips, or their codes. @param c below classes().
  std::span<const float> scores(std::size_t c) const { return scores_[c]; }
  /// What they mean.
  const ScoreCodes& codes(std::size_t c) const { return codes_[c]; }
  std::span<const std::uint32_t> clip_of_frame() const { return clip_of_frame_; }
  /// Of a clip, among the frames of all clips; first_frame(clips()) is their number.
  std::uint32_t first_frame(std::size_t clip) const { return first_frames_[clip]; }
  /// Of a clip's frames, seconds, one more than frames.
  std::span<const double> boundaries(std::size_t clip) const {
    return boundaries_[boundaries_of_clip_[clip]];
  }

  /// The scores of these clips and classes, some of the clips several times.
  DetectionFrames drawn(std::span<const std::size_t> clips,
                        std::span<const std::size_t> classes) const;

 private:
  template <typename Rows>
  void check(const Rows& scores, std::span<const double> boundaries,
             std::string_view clip_id) const;
  template <typename Rows, typename Real>
  void append_to(std::vector<std::vector<Real>>& columns, const Rows& scores,
                 std::span<const double> boundaries, std::string_view clip_id);
  void end_clip(std::size_t rows, std::span<const double> boundaries);

  std::vector<std::size_t> columns_;
  std::size_t median_window_;
  std::vector<std::vector<float>> scores_;  // [class][frame of any clip]
  std::vector<std::vector<double>> exact_;  // the same until rank()
  std::vector<ScoreCodes> codes_;           // [class]
  std::vector<std::uint32_t> clip_of_frame_;
  std::vector<std::uint32_t> first_frames_{0};
  std::vector<std::vector<double>> boundaries_;  // those that differ from the clip before
  std::vector<std::size_t> boundaries_of_clip_;
};

}  // namespace claptools
