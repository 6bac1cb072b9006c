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

}  // namespace

std::vector<Event> detect(MatrixView frame_scores, double hop_s, double duration_s,
                          std::span<const std::string> labels, std::span<const double> thresholds,
                          const DetectOptions& options) {
  check(frame_scores, hop_s, duration_s, labels.size(), options);
  const std::size_t median = median_frames(options, hop_s);
  const std::size_t max_gap = gap_frames(options, hop_s, frame_scores.rows);
  std::vector<Event> events;
  std::vector<float> scores(frame_scores.rows);
  for (std::size_t c = 0; c < labels.size(); ++c) {
    for (std::size_t t = 0; t < scores.size(); ++t) scores[t] = frame_scores.row(t)[c];
    for (const FrameRun& run :
         find_runs(scores, thresholds[c], median, max_gap, options.grounding)) {
      const double onset_s = static_cast<double>(run.onset) * hop_s;
      const double offset_s = std::min(static_cast<double>(run.offset) * hop_s, duration_s);
      const double length_s = offset_s - onset_s;
      if (length_s <= 0 || length_s < options.min_duration_s - kSlack * hop_s) continue;
      const auto peak = *std::max_element(scores.data() + run.onset, scores.data() + run.offset);
      events.push_back({labels[c], onset_s, offset_s, peak});
    }
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return a.onset_s < b.onset_s || (a.onset_s == b.onset_s && a.offset_s < b.offset_s);
  });
  return events;
}

std::vector<PeakFrame> find_peaks(MatrixView frame_scores, double hop_s, double duration_s,
                                  const DetectOptions& options) {
  check(frame_scores, hop_s, duration_s, frame_scores.cols, options);
  const std::size_t median = median_frames(options, hop_s);
  std::vector<PeakFrame> peaks;
  std::vector<float> scores(frame_scores.rows);
  for (std::size_t c = 0; c < frame_scores.cols && !scores.empty(); ++c) {
    for (std::size_t t = 0; t < scores.size(); ++t) scores[t] = frame_scores.row(t)[c];
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
