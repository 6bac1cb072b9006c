#include "claptools/tasks/detect.hpp"

#include <algorithm>
#include <cmath>

#include "claptools/core/error.hpp"
#include "claptools/tasks/postprocess.hpp"

namespace claptools {
namespace {

// Part of a frame. Lengths in seconds are compared up to this, because 3 * 0.1 > 0.3 in doubles.
constexpr double kSlack = 1e-6;

constexpr double kMaxHalves = 1e6;  // of a median filter: memory and time grow with its length

void check(MatrixView scores, double hop_s, double duration_s, std::size_t classes,
           const DetectOptions& options) {
  if (!(hop_s > 0) || !(duration_s >= 0) || !std::isfinite(hop_s) || !std::isfinite(duration_s)) {
    throw Error(Fault::usage, "events", "frame hop and duration must be finite and positive");
  }
  if (!(options.max_gap_s >= 0) || !(options.min_duration_s >= 0) || !(options.median_s >= 0)) {
    throw Error(Fault::usage, "events", "gap, duration and filter must not be negative");
  }
  if (scores.cols != classes) {
    throw Error(
        Fault::data, "frame scores",
        std::to_string(scores.cols) + " columns for " + std::to_string(classes) + " labels");
  }
  for (std::size_t t = 0; t < scores.rows; ++t) {
    const auto row = scores.row(t);
    if (!std::all_of(row.begin(), row.end(), [](float s) { return std::isfinite(s); })) {
      throw Error(Fault::data, "frame scores", "frame " + std::to_string(t) + " is not finite");
    }
  }
}

/// The nearest odd number of frames: a filter with a middle.
std::size_t median_frames(const DetectOptions& options, double hop_s) {
  if (options.median_s == 0) return options.median_window;
  const double halves = std::floor(options.median_s / hop_s / 2 + kSlack);
  if (!(halves >= 0 && halves < kMaxHalves)) {
    throw Error(Fault::usage, "median filter", "a window of that many seconds");
  }
  return 2 * static_cast<std::size_t>(halves) + 1;
}

/// Frames that a gap may have; more than there are is as good as unlimited.
std::size_t gap_frames(const DetectOptions& options, double hop_s, std::size_t frames) {
  const double gap = options.max_gap_s / hop_s;
  const double whole = options.grounding ? std::ceil(gap - kSlack) : std::floor(gap + kSlack);
  return static_cast<std::size_t>(std::clamp(whole, 0.0, static_cast<double>(frames)));
}

/// Finds the runs of one class; `scores` become what the runs' peaks are taken from.
std::vector<FrameRun> find_runs(std::vector<float>& scores, double threshold, std::size_t median,
                                std::size_t max_gap, bool grounding) {
  if (grounding) {
    scores = sigmoid(scores);
    return grounding_events(scores, threshold, median, max_gap);
  }
  scores = median_filter(scores, median);
  return join_runs(runs_above(scores, threshold), max_gap);
}

/// What may be an event of one class: [onset_s, offset_s) and its score.
std::vector<EventBox> scored_runs(std::vector<float> scores, double threshold, double hop_s,
                                  const DetectOptions& options) {
  const std::size_t median = median_frames(options, hop_s);
  const std::size_t max_gap = gap_frames(options, hop_s, scores.size());
  std::vector<EventBox> found;
  for (const FrameRun& run : find_runs(scores, threshold, median, max_gap, options.grounding)) {
    const auto peak = *std::max_element(scores.data() + run.onset, scores.data() + run.offset);
    found.push_back(
        {static_cast<double>(run.onset) * hop_s, static_cast<double>(run.offset) * hop_s, peak});
  }
  return found;
}

std::vector<EventBox> boxes_of(std::span<const float> scores, double hop_s,
                               const CsebbsParameters& parameters) {
  if (scores.empty()) return {};
  std::vector<double> times(scores.size() + 1);
  for (std::size_t t = 0; t < times.size(); ++t) times[t] = static_cast<double>(t) * hop_s;
  return event_boxes(std::vector<double>(scores.begin(), scores.end()), times, parameters);
}

std::vector<EventBox> boxes_above(std::span<const float> scores, double threshold, double hop_s,
                                  const CsebbsParameters& parameters) {
  std::vector<EventBox> boxes = boxes_of(scores, hop_s, parameters);
  std::erase_if(boxes, [&](const EventBox& box) { return !(box.confidence > threshold); });
  return boxes;
}

std::vector<float> column_of(MatrixView scores, std::size_t c) {
  std::vector<float> column(scores.rows);
  for (std::size_t t = 0; t < column.size(); ++t) column[t] = scores.row(t)[c];
  return column;
}

PeakFrame highest_box(std::span<const EventBox> boxes) {
  PeakFrame peak;
  for (const EventBox& box : boxes) {
    const auto score = static_cast<float>(box.confidence);
    if (&box == boxes.data() || score > peak.score) peak = {score, box.onset_s};
  }
  return peak;
}

}  // namespace

std::vector<Event> detect(MatrixView frame_scores, double hop_s, double duration_s,
                          std::span<const std::string> labels, std::span<const double> thresholds,
                          const DetectOptions& options, std::span<const CsebbsParameters> boxes) {
  check(frame_scores, hop_s, duration_s, labels.size(), options);
  std::vector<Event> events;
  for (std::size_t c = 0; c < labels.size(); ++c) {
    const std::vector<float> scores = column_of(frame_scores, c);
    const auto found = boxes.empty() ? scored_runs(scores, thresholds[c], hop_s, options)
                                     : boxes_above(scores, thresholds[c], hop_s, boxes[c]);
    for (const auto& [onset_s, end_s, score] : found) {
      const double offset_s = std::min(end_s, duration_s);
      const double length_s = offset_s - onset_s;
      if (length_s <= 0 || length_s < options.min_duration_s - kSlack * hop_s) continue;
      events.push_back({labels[c], onset_s, offset_s, static_cast<float>(score)});
    }
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return a.onset_s < b.onset_s || (a.onset_s == b.onset_s && a.offset_s < b.offset_s);
  });
  return events;
}

std::vector<PeakFrame> find_peaks(MatrixView frame_scores, double hop_s, double duration_s,
                                  const DetectOptions& options,
                                  std::span<const CsebbsParameters> boxes) {
  check(frame_scores, hop_s, duration_s, frame_scores.cols, options);
  const std::size_t median = median_frames(options, hop_s);
  std::vector<PeakFrame> peaks;
  for (std::size_t c = 0; c < frame_scores.cols && frame_scores.rows > 0; ++c) {
    const std::vector<float> scores = column_of(frame_scores, c);
    if (!boxes.empty()) {
      peaks.push_back(highest_box(boxes_of(scores, hop_s, boxes[c])));
      continue;
    }
    const auto compared = options.grounding ? sigmoid(scores) : median_filter(scores, median);
    PeakFrame peak{compared[0], 0};
    for (std::size_t t = 1; t < compared.size(); ++t) {
      const double time_s = static_cast<double>(t) * hop_s;
      if (time_s < duration_s && compared[t] > peak.score) peak = {compared[t], time_s};
    }
    peaks.push_back(peak);
  }
  return peaks;
}

}  // namespace claptools
