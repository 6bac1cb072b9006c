#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"
#include "claptools/metrics/boxes/csebbs_tuning.hpp"
#include "claptools/metrics/psds/psds.hpp"

namespace claptools {

/// Bounding boxes of frame scores (csebbs.hpp).
struct BoxOptions {
  CsebbsParameters parameters = {};       ///< of classes that the file does not name
  std::string file = {};                  ///< read_csebbs_parameters(); may be empty
  std::optional<CsebbsGrid> tuning = {};  ///< instead: each class gets its best of these
};

/// Sound events, from the scores of frames at all thresholds. A file named "-" is standard input.
struct DetectionTask {
  std::string scores = {};               ///< score file of frames, or a folder of them
  std::string truth = {};                ///< table: filename, onset, offset, event_label
  std::string durations = {};            ///< table: filename, duration
  std::size_t median_window = 1;         ///< of a filter over the scores, frames; 1: none
  std::optional<BoxOptions> boxes = {};  ///< instead of a filter
  double f_threshold = 0.2;              ///< of the metrics *_at
  /// Table with the thresholds of classes (read_thresholds) for the metrics *_at; the other classes
  /// have f_threshold. Empty: none have their own.
  std::string thresholds = {};
  std::vector<NamedPsds> psds = {};          ///< besides default_psds()
  bool drop_clips_without_truth = false;     ///< leave out scored clips that the truth lacks, else
                                             ///< they are refused
  bool drop_clips_without_events = false;    ///< leave these out, as the official protocol does
  bool drop_classes_without_events = false;  ///< else such a class is refused
  bool merge_overlapping = false;  ///< make one event of those of a class that meet, else they are
                                   ///< refused
  EvaluationOptions options = {};
};

/// Events detected at one threshold.
struct EventFile {
  double threshold = 0;
  std::string path;  ///< table: filename, onset, offset, event_label
};

/// Sound events, from lists of those detected.
struct EventListTask {
  std::vector<EventFile> events = {};     ///< at least one, of different thresholds
  std::string truth = {};                 ///< table: filename, onset, offset, event_label
  std::string durations = {};             ///< table: filename, duration; all these are evaluated
  std::vector<std::string> classes = {};  ///< besides those of the truth
  std::vector<NamedPsds> psds = {};       ///< besides event_list_variants()
  bool merge_overlapping = false;         ///< as of DetectionTask, but events may touch
  EvaluationOptions options = {};
};

/// The last value is kMissing.
/// @throws Error{usage} as metric_names(), or for no list; {no_input}, {data} naming the file and
/// the item.
Evaluation evaluate(const DetectionTask& task);
Evaluation evaluate(const EventListTask& task);

/// The metrics that evaluate() may give, without their parts (MetricSelection).
/// @throws Error{usage} naming `psds` for one whose name is taken.
std::vector<std::string> metric_names(const DetectionTask& task);
std::vector<std::string> metric_names(const EventListTask& task);

}  // namespace claptools
