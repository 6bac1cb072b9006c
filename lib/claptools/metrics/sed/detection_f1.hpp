#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// What was detected of one class at one threshold.
struct DetectionCounts {
  std::size_t true_positives = 0;
  std::size_t false_positives = 0;

  bool operator==(const DetectionCounts&) const = default;
};

/// Precision, recall and their harmonic mean.
struct FScore {
  double f = 0;
  double p = 0;
  double r = 0;
};

/// One class: precision is 1 where nothing is detected.
struct ClassFScore : FScore {
  DetectionCounts counts;
  std::size_t events = 0;
  double threshold = 0;  ///< scores above it are detected; -inf: all, inf: none
};

struct FScores {
  std::vector<ClassFScore> per_class;
  FScore macro;  ///< mean of the classes' values
  FScore micro;  ///< of the summed counts; precision is 0 where nothing is detected
};

FScores average_f_scores(std::vector<ClassFScore> per_class);

/// Finds the best operating point of a class and that of a fixed threshold while the threshold
/// falls.
class FScoreSearch {
 public:
  /// @param events that should be found; @param threshold the fixed one.
  FScoreSearch(std::size_t events, double threshold);

  /// @param score at which counts change, lower than the one before; what reaches it is detected.
  void add(double score, const DetectionCounts& counts);

  /// The largest F, the one of the highest threshold among equals. Its threshold lies in the middle
  /// between its score and the next one added.
  const ClassFScore& best() const { return best_; }
  const ClassFScore& at_threshold() const { return at_threshold_; }

 private:
  ClassFScore best_;
  ClassFScore at_threshold_;
  std::optional<double> best_score_;  // while the score that ends its range has not come
};

/// `NAME.macro_average`, `NAME.micro_average` and the classes' values under NAME, all of F; the
/// same of precision and recall under `NAME.p` and `NAME.r`; the classes'
/// `NAME.threshold`, `NAME.tps` and `NAME.fps` (true and false positives), `NAME.n_ref` (events).
MetricValues to_metrics(const FScores& scores, const std::string& name,
                        std::span<const std::string> classes);

}  // namespace claptools
