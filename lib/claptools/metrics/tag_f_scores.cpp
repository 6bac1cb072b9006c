#include <algorithm>
#include <functional>

#include "claptools/core/error.hpp"
#include "claptools/metrics/tagging.hpp"

namespace claptools {
namespace {

struct ScoredClip {
  float score;
  bool is_tagged;
};

/// The threshold falls over the clips of a class.
ClassFScore search(std::vector<ScoredClip>& clips, std::size_t tagged) {
  std::ranges::sort(clips, std::greater<>(), &ScoredClip::score);
  FScoreSearch found(tagged, 0);
  DetectionCounts counts;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    ++(clips[i].is_tagged ? counts.true_positives : counts.false_positives);
    const bool is_last_of_score = i + 1 == clips.size() || clips[i + 1].score < clips[i].score;
    if (is_last_of_score) found.add(clips[i].score, counts);
  }
  return found.best();
}

}  // namespace

std::vector<ClassFScore> best_tag_f_scores(MatrixView scores, const TaggingTruth& truth) {
  if (scores.rows == 0 || scores.cols == 0 || truth.size() != scores.rows)
    throw Error(Fault::data, "scores", "no clip or class, or another number of clips than tagged");
  std::vector<ClassFScore> best;
  std::vector<ScoredClip> clips(scores.rows);
  for (std::size_t c = 0; c < scores.cols; ++c) {
    std::size_t tagged = 0;
    for (std::size_t i = 0; i < scores.rows; ++i) {
      clips[i] = {scores.row(i)[c], std::ranges::binary_search(truth[i], c)};
      tagged += clips[i].is_tagged;
    }
    best.push_back(search(clips, tagged));
  }
  return best;
}

}  // namespace claptools
