#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/report/path.hpp"
#include "claptools/tasks/detect.hpp"

namespace claptools {

// Every function gives one self-contained SVG file: the same bytes for the same values, in every
// locale. Names may hold anything. Values that are not finite are left out of the drawing.

/// One curve and the number that sums it up.
struct Curve {
  std::string name;
  std::vector<PlotPoint> points;
  std::optional<double> value;  ///< e.g. its average precision; shown after its name
};

struct PsdRocPlot {
  std::string metric = "PSDS";  ///< what the title calls the score
  double psds = 0;
  double max_efpr = 0;         ///< per hour, the right end
  double alpha_st = 0;         ///< weight of the standard deviation over the classes
  std::vector<Curve> classes;  ///< operating points (eFPR, TPR) in any order
  /// Vertices (eFPR, TPR) by ascending eFPR, each of which holds up to the next, of the mean over
  /// the classes, and of that less alpha_st standard deviations: PSDS is the share of the plot
  /// under it. Empty where alpha_st is 0.
  std::vector<PlotPoint> mean, effective;
};

/// A polyphonic sound detection ROC: up to 12 classes each in its own line, more as pale lines
/// beneath the mean.
std::string psd_roc_plot(const PsdRocPlot& plot);

struct PrecisionRecallPlot {
  std::string title = "Precision and recall";
  /// Points (recall, precision) by ascending recall; a precision holds back to the recall before,
  /// as average precision counts.
  std::vector<Curve> classes;
  std::optional<Curve> total;  ///< micro or macro average, in a bold line
};

std::string precision_recall_plot(const PrecisionRecallPlot& plot);

struct ConfusionMatrix {
  std::vector<std::string> classes;
  std::vector<std::size_t> counts;  ///< [classes, classes]: row = true class, column = predicted
};

/// Shares of each row as shades, counts in the cells where they fit, each class' accuracy at its
/// right. One class more makes the plot wider from 80 classes on, not its letters smaller.
/// @throws Error{internal} if the counts are not classes x classes.
std::string confusion_matrix_plot(const ConfusionMatrix& matrix);

/// Ranks of each query's best right answer, from 0; a direction without queries is left out.
struct RankPlot {
  std::span<const std::size_t> t2a;           ///< of the texts, as queries
  std::span<const std::size_t> a2t;           ///< of the audios
  std::span<const std::size_t> queries = {};  ///< of queries of any kind
};

/// How many queries find their answer first, second to fifth and so on, over a table of R@k.
std::string rank_histogram_plot(const RankPlot& plot);

struct EventsPlot {
  std::string title;  ///< the recording's name
  double duration_s = 0;
  MatrixView log_mel;  ///< [frames, mel bands] dB, over the whole duration; without rows: no panel
  double mel_low_hz = 50;
  double mel_high_hz = 14000;
  MatrixView frame_scores;  ///< [frames, classes.size()], not filtered; may be empty
  double hop_s = 0;         ///< frame i of the scores spans [i * hop_s, (i + 1) * hop_s)
  std::span<const std::string> classes;
  std::span<const double> thresholds;  ///< of the frame scores, one per class, or none
  std::span<const Event> detected;
  std::optional<std::span<const Event>> truth;
  bool paged = true;  ///< a long recording is drawn once more in pages
};

/// Spectrogram, frame scores and events of one recording over one time axis. Of more than 16
/// classes those with events are shown, then those with the highest scores. Below it the pages of a
/// long recording, with at most 8 classes each.
/// @throws Error{internal} if the scores are not frames x classes, or thresholds not one per class.
std::string events_plot(const EventsPlot& plot);

/// Pages of a recording: none up to 3 minutes, then one every 2 minutes; of more than an hour at
/// most 30, which are longer.
std::size_t events_plot_pages(double duration_s);

/// As many rows of a log_mel as a plot of that many pages can show.
std::size_t events_plot_columns(std::size_t pages);

/// Points are (updates done, value).
struct LearningPlot {
  std::vector<PlotPoint> loss, learning_rate;  ///< one per update
  std::vector<Curve> validation;               ///< one point per epoch
};

/// The course of a training: loss as it was, pale, under its moving mean; learning rate;
/// validation. Metrics that stay between 0 and 1 share a panel, each other has its own.
std::string learning_plot(const LearningPlot& plot);

}  // namespace claptools
