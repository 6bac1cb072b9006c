#pragma once

#include <memory>
#include <span>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"

namespace claptools {

/// float32 numbers that stand for float64 scores: they have the same order, and are equal where the
/// scores are equal, so that a metric of ranking is the same of both. Where float32 holds the
/// scores they stand for themselves.
class ScoreCodes {
 public:
  /// float32 scores.
  ScoreCodes() = default;
  /// float64 scores, and 0 for what has none. @throws Error{data} for more than 2^31 - 2^24
  /// different ones. @param scores finite.
  explicit ScoreCodes(std::vector<double> scores);

  /// @param score one of those given, or 0.
  float code(double score) const;
  double score(float code) const;

 private:
  std::shared_ptr<const std::vector<double>> distinct_;  // rising; none: codes are the scores
};

/// Codes of the whole matrix.
Matrix to_codes(const DoubleMatrix& scores);

}  // namespace claptools
