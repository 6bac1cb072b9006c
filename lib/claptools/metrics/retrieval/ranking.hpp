#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace claptools {

struct RankingScores {
  double positives = 0;
  double negatives = 0;
  double ap = 0;   ///< average precision; NaN without positives
  double auc = 0;  ///< area under the ROC curve; NaN without positives or negatives
};

/// Walks through a ranking from the highest score. Equal scores make one step of the
/// precision-recall curve and half a win of the ROC curve.
class RankingSum {
 public:
  /// All items of one score, or several scores without a positive one.
  void step(double positives, double negatives) {
    wins_ += negatives * (positives_ + positives / 2);
    positives_ += positives;
    negatives_ += negatives;
    if (positives > 0) precisions_ += positives * positives_ / (positives_ + negatives_);
  }
  RankingScores scores() const {
    return {positives_, negatives_, precisions_ / positives_, wins_ / (positives_ * negatives_)};
  }

 private:
  double positives_ = 0, negatives_ = 0, precisions_ = 0, wins_ = 0;
};

/// Ranks once. @param positives, negatives their falling_key(); sorted here.
/// @param scratch memory used again from call to call.
RankingScores score_ranking(std::vector<std::uint32_t>& positives,
                            std::vector<std::uint32_t>& negatives,
                            std::vector<std::uint32_t>& scratch);

/// A ranking kept to be scored again with other numbers of copies of each clip.
class KeptRanking {
 public:
  KeptRanking() = default;
  /// @param scores [clips * columns], row-major; @param positives positions of the positive ones.
  KeptRanking(std::span<const float> scores, std::span<const std::size_t> positives,
              std::size_t columns);

  /// @param copies of each clip.
  RankingScores scores(std::span<const std::uint32_t> copies) const;

 private:
  std::vector<std::uint32_t> items_;  // clip << 2 | is positive << 1 | ends a step
};

}  // namespace claptools
