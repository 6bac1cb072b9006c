#include "claptools/metrics/sed/detection_frames.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/tasks/postprocess.hpp"

namespace claptools {
namespace {

/// Where a box of some class begins or ends, and the whole of the clip.
std::vector<double> box_bounds(std::span<const std::vector<EventBox>> boxes, double end_s) {
  std::vector<double> bounds{0, end_s};
  for (const auto& of_class : boxes)
    for (const EventBox& box : of_class) bounds.insert(bounds.end(), {box.onset_s, box.offset_s});
  std::ranges::sort(bounds);
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  return bounds;
}

}  // namespace

DetectionFrames::DetectionFrames(std::vector<std::size_t> columns, std::size_t median_window)
    : columns_(std::move(columns)),
      median_window_(median_window),
      scores_(columns_.size()),
      exact_(columns_.size()),
      codes_(columns_.size()) {
  if (median_window == 0) throw Error(Fault::usage, "median filter", "a window of 0 frames");
}

void DetectionFrames::append(MatrixView scores, std::span<const double> boundaries,
                             std::string_view clip_id) {
  append_to(scores_, scores, boundaries, clip_id);
}

void DetectionFrames::append(const DoubleMatrix& scores, std::span<const double> boundaries,
                             std::string_view clip_id) {
  append_to(exact_, scores, boundaries, clip_id);
}

void DetectionFrames::append_boxes(std::span<const std::vector<EventBox>> boxes, double end_s) {
  const std::vector<double> bounds = box_bounds(boxes, end_s);
  const auto frame_at = [&](double time_s) {
    return static_cast<std::size_t>(std::ranges::lower_bound(bounds, time_s) - bounds.begin());
  };
  for (std::size_t c = 0; c < boxes.size(); ++c) {
    const std::size_t first = exact_[c].size();
    exact_[c].resize(first + bounds.size() - 1, -std::numeric_limits<double>::infinity());
    for (const EventBox& box : boxes[c])
      std::fill(exact_[c].data() + first + frame_at(box.onset_s),
                exact_[c].data() + first + frame_at(box.offset_s), box.confidence);
  }
  end_clip(bounds.size() - 1, bounds);
}

void DetectionFrames::append_steps(std::span<const float> scores,
                                   std::span<const double> boundaries) {
  scores_[0].insert(scores_[0].end(), scores.begin(), scores.end());
  end_clip(scores.size(), boundaries);
}

void DetectionFrames::rank() {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const std::vector<double> exact = std::move(exact_[c]);
    exact_[c].clear();
    if (exact.empty()) continue;
    codes_[c] = ScoreCodes(exact);
    scores_[c].resize(exact.size());
    std::ranges::transform(exact, scores_[c].begin(),
                           [&](double score) { return codes_[c].code(score); });
  }
}

DetectionFrames DetectionFrames::drawn(std::span<const std::size_t> clips,
                                       std::span<const std::size_t> classes) const {
  std::vector<std::size_t> columns(classes.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  DetectionFrames drawn(columns);
  for (const std::size_t c : columns) drawn.codes_[c] = codes_[classes[c]];
  for (const std::size_t clip : clips) {
    const std::size_t first = first_frame(clip);
    Matrix some(first_frame(clip + 1) - first, classes.size());
    for (const std::size_t c : columns) {
      const auto column = scores(classes[c]).subspan(first, some.rows);
      for (std::size_t t = 0; t < some.rows; ++t) some.row(t)[c] = column[t];
    }
    drawn.append(some, boundaries(clip), "");
  }
  return drawn;
}

template <typename Rows, typename Real>
void DetectionFrames::append_to(std::vector<std::vector<Real>>& columns, const Rows& scores,
                                std::span<const double> boundaries, std::string_view clip_id) {
  check(scores, boundaries, clip_id);
  std::vector<Real> column(scores.rows);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    for (std::size_t t = 0; t < scores.rows; ++t) column[t] = scores.row(t)[columns_[c]];
    if (median_window_ > 1) column = median_filter(std::span<const Real>(column), median_window_);
    columns[c].insert(columns[c].end(), column.begin(), column.end());
  }
  end_clip(scores.rows, boundaries);
}

void DetectionFrames::end_clip(std::size_t rows, std::span<const double> boundaries) {
  clip_of_frame_.insert(clip_of_frame_.end(), rows, static_cast<std::uint32_t>(clips()));
  first_frames_.push_back(static_cast<std::uint32_t>(clip_of_frame_.size()));
  if (boundaries_.empty() || !std::ranges::equal(boundaries_.back(), boundaries)) {
    boundaries_.emplace_back(boundaries.begin(), boundaries.end());
  }
  boundaries_of_clip_.push_back(boundaries_.size() - 1);
}

template <typename Rows>
void DetectionFrames::check(const Rows& scores, std::span<const double> boundaries,
                            std::string_view clip_id) const {
  const auto refuse = [clip_id](const std::string& reason) {
    throw Error(Fault::data, "clip '" + std::string(clip_id) + "'", reason);
  };
  if (scores.rows == 0) refuse("no frame");
  if (!columns_.empty() && scores.cols <= std::ranges::max(columns_)) refuse("too few columns");
  if (clip_of_frame_.size() + scores.rows >= std::numeric_limits<std::uint32_t>::max()) {
    refuse("too many frames");
  }
  if (boundaries.size() != scores.rows + 1) {
    refuse(std::to_string(boundaries.size()) + " frame_times for " + std::to_string(scores.rows) +
           " frames");
  }
  if (!std::ranges::all_of(boundaries, [](double s) { return std::isfinite(s); }) ||
      std::ranges::adjacent_find(boundaries, std::greater_equal()) != boundaries.end()) {
    refuse("frame_times do not rise");
  }
  for (std::size_t t = 0; t < scores.rows; ++t) {
    if (!std::ranges::all_of(scores.row(t), [](auto s) { return std::isfinite(s); })) {
      refuse("a score of frame " + std::to_string(t) + " is not finite");
    }
  }
}

}  // namespace claptools
