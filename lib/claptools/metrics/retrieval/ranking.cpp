#include "claptools/metrics/retrieval/ranking.hpp"

#include "claptools/metrics/descending_order.hpp"

namespace claptools {

RankingScores score_ranking(std::vector<std::uint32_t>& positives,
                            std::vector<std::uint32_t>& negatives,
                            std::vector<std::uint32_t>& scratch) {
  sort_keys(positives, scratch);
  sort_keys(negatives, scratch);
  RankingSum sum;
  auto negative = negatives.begin();
  for (auto positive = positives.begin(); positive != positives.end();) {
    const std::uint32_t key = *positive;
    const auto count_while = [](auto& at, auto end, const auto& condition) {
      const auto first = at;
      while (at != end && condition(*at)) ++at;
      return static_cast<double>(at - first);
    };
    const auto is_equal = [key](std::uint32_t other) { return other == key; };
    const auto is_before = [key](std::uint32_t other) { return other < key; };
    sum.step(0, count_while(negative, negatives.end(), is_before));
    const double tied = count_while(positive, positives.end(), is_equal);
    sum.step(tied, count_while(negative, negatives.end(), is_equal));
  }
  sum.step(0, static_cast<double>(negatives.end() - negative));
  return sum.scores();
}

KeptRanking::KeptRanking(std::span<const float> scores, std::span<const std::size_t> positives,
                         std::size_t columns) {
  std::vector<std::uint8_t> is_positive(scores.size());
  for (const std::size_t i : positives) is_positive[i] = 1;
  const auto order = descending_order(scores);
  items_.reserve(order.size());
  for (std::size_t i = 0; i < order.size();) {
    const std::size_t first = i;
    bool has_positive = false;
    for (; i < order.size() && order[i].ties_with(order[first]); ++i) {
      const std::size_t index = order[i].index();
      const auto clip = static_cast<std::uint32_t>(index / columns);
      items_.push_back(clip << 2U | std::uint32_t{is_positive[index]} << 1U);
      has_positive = has_positive || is_positive[index] != 0;
    }
    if (!has_positive) continue;  // goes into one step with its neighbours
    if (first > 0) items_[first - 1] |= 1U;
    items_.back() |= 1U;
  }
  if (!items_.empty()) items_.back() |= 1U;
}

RankingScores KeptRanking::scores(std::span<const std::uint32_t> copies) const {
  RankingSum sum;
  std::uint32_t positives = 0;
  std::uint32_t negatives = 0;
  for (const std::uint32_t item : items_) {
    const std::uint32_t weight = copies[item >> 2U];
    (item & 2U ? positives : negatives) += weight;
    if ((item & 1U) == 0) continue;
    sum.step(positives, negatives);
    positives = negatives = 0;
  }
  return sum.scores();
}

}  // namespace claptools
