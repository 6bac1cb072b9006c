#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/metrics/bootstrap.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/metrics/metric_selection.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/report/html.hpp"
#include "claptools/tasks/csebbs/csebbs.hpp"

namespace claptools {

/// The kinds of tasks of mteb for which an evaluation may compute Evaluation::mteb.
enum class MtebKind { none, text_to_audio, audio_to_text, zero_shot, multilabel };

/// What every evaluation may be asked for. Members of these structs have initializers, so that a
/// designated one may leave out any.
struct EvaluationOptions {
  NameMatching names = {};        ///< how names of files are compared
  bool tolerate_missing = false;  ///< leave out clips without scores, else they are refused
  MetricSelection metrics = {};   ///< to compute; others may come with them
  std::size_t resamples = 0;      ///< of the clips, for bootstrap intervals; 0: none
  ResamplingScheme resampling = ResamplingScheme::independent;  ///< balanced: detection only
  std::optional<std::uint64_t> seed = {};  ///< of the resamples; 1, or 0 of balanced ones
  std::optional<double> level = {};        ///< of the intervals; 0.95, or 0.9 of balanced ones
  /// Keep the metrics of every resample (Evaluation::samples) and give no intervals.
  bool keep_samples = false;
  /// With keep_samples: the clips to evaluate, by their names in the scores. Resamples are drawn
  /// from them in this order. Empty: all clips, in the byte order of their names.
  std::vector<std::string> clips = {};
  /// Of tagging and of detection from frame scores: Evaluation::thresholds are those of this
  /// F-score, such as event_f1_best; of tagging that of the tags, whatever the name. Empty: none
  /// are kept.
  std::string thresholds_of = {};
  bool with_plots = false;
  /// Also compute Evaluation::mteb; with judgements both directions of retrieval mean the same.
  MtebKind mteb = MtebKind::none;
  double mteb_threshold = 0.5;  ///< tags with a higher score are predicted, for Evaluation::mteb
  std::size_t threads = 1;      ///< changes no result
  Log log = {};                 ///< warnings of what is left out
};

/// The total that counts Evaluation::missing.
inline constexpr const char* kMissing = "n_missing";

/// What an evaluation found.
struct Evaluation {
  MetricValues values;               ///< with NAME.ci_low and NAME.ci_high where asked for
  ReportRows provenance;             ///< model, prompts and maker, where the scores tell
  std::vector<ReportPlot> plots;     ///< the one that says most comes first
  std::vector<std::string> missing;  ///< clips of the truth, or inputs, that have no scores
  /// Of each class the threshold with the highest F-score, from -1 (exceeded by all) to 1 (by
  /// none).
  std::vector<std::pair<std::string, double>> thresholds = {};
  std::vector<std::string> clips = {};      ///< with keep_samples: those evaluated, in their order
  std::vector<MetricSamples> samples = {};  ///< with keep_samples
  std::vector<ClassCsebbs> boxes = {};  ///< the parameters of each class, of events that are boxes
  std::string predictions = {};         ///< of moments, prediction_line() for each query
  MetricValues mteb = {};               ///< what mteb computes for such a task, under its names
};

}  // namespace claptools
