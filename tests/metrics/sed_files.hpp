#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "claptools/metrics/sed/detection_frames.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"
#include "metrics/metric_files.hpp"

namespace claptools::testing {

/// The files of one case of sound event detection.
class SedFiles {
 public:
  explicit SedFiles(const std::string& folder)
      : folder_(folder),
        scores_file_(folder + "scores.h5"),
        scores_(scores_file_.tensor("scores")),
        clip_ids_(scores_file_.strings("clip_ids")),
        classes_(scores_file_.strings("classes")) {
    if (scores_file_.contains("frame_times")) boundaries_ = scores_file_.doubles("frame_times");
    if (scores_file_.contains("clip_seconds")) {
      const double seconds = scores_file_.doubles("clip_seconds").at(0);
      const std::size_t frames = scores_.shape.at(1);
      for (std::size_t f = 0; f <= frames; ++f) {
        boundaries_.push_back(static_cast<double>(f) * seconds / static_cast<double>(frames));
      }
    }
  }

  GroundTruth truth(const GroundTruthOptions& options = {}) const {
    const auto rows =
        parse_event_rows(read_table_file(folder_ + "ground_truth.tsv"), "ground_truth.tsv");
    const auto durations =
        parse_durations(read_table_file(folder_ + "durations.tsv"), "durations.tsv");
    ClipMatcher clips(clip_ids_);
    return match_ground_truth(rows, "ground_truth.tsv", durations, "durations.tsv", clips, classes_,
                              options);
  }

  /// Of the truth's clips and classes.
  DetectionFrames frames(const GroundTruth& truth, std::size_t median_window = 1) const {
    const std::size_t most = scores_.shape.at(1);
    const std::size_t width = scores_.shape.at(2);
    const auto counts = scores_file_.contains("n_frames")
                            ? scores_file_.ints("n_frames")
                            : std::vector<std::int64_t>(clip_ids_.size(), std::int64_t(most));
    DetectionFrames frames(truth.classes, median_window);
    for (const std::size_t clip : truth.clips) {
      const auto count = static_cast<std::size_t>(counts.at(clip));
      const std::size_t times = std::min(boundaries_.size(), count + 1);
      frames.append({scores_.data.data() + clip * most * width, count, width},
                    {boundaries_.data(), times}, clip_ids_[clip]);
    }
    return frames;
  }

  std::vector<std::string> names(const GroundTruth& truth) const {
    std::vector<std::string> names;
    for (const std::size_t c : truth.classes) names.push_back(classes_[c]);
    return names;
  }

 private:
  std::string folder_;
  GoldenFile scores_file_;
  Golden scores_;
  std::vector<std::string> clip_ids_;
  std::vector<std::string> classes_;
  std::vector<double> boundaries_;
};

}  // namespace claptools::testing
