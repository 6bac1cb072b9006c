// What must hold whatever the data: no golden file can be fitted to these.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "claptools/metrics/retrieval/retrieval.hpp"
#include "claptools/metrics/sed/detection_scores.hpp"
#include "claptools/metrics/tagging.hpp"

namespace claptools {
namespace {

constexpr std::size_t kClips = 60, kClasses = 4, kFrames = 50;

Matrix random_scores(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937 random(seed);
  Matrix scores(rows, columns);
  // few distinct values: ties must obey the properties, too
  for (float& score : scores.data) score = static_cast<float>(random() % 97) / 97.0F;
  return scores;
}

/// 10 s clips in frames of 0.2 s, an event of one class in each.
GroundTruth random_truth(unsigned seed) {
  std::mt19937 random(seed);
  GroundTruth truth;
  for (std::size_t c = 0; c < kClasses; ++c) truth.classes.push_back(c);
  for (std::size_t clip = 0; clip < kClips; ++clip) {
    truth.clips.push_back(clip);
    truth.durations_s.push_back(10);
    const double onset = static_cast<double>(random() % 70) / 10;
    truth.events.push_back(
        {clip, clip % kClasses, onset, onset + 0.5 + static_cast<double>(random() % 20) / 10});
  }
  return truth;
}

DetectionScores detect_all(const Matrix& scores) {
  DetectionFrames frames({0, 1, 2, 3});
  std::vector<double> boundaries;
  for (std::size_t f = 0; f <= kFrames; ++f) boundaries.push_back(static_cast<double>(f) * 0.2);
  for (std::size_t clip = 0; clip < kClips; ++clip) {
    frames.append(scores.view().slice(clip * kFrames, kFrames), boundaries, "clip");
  }
  return score_detection(frames, random_truth(5));
}

TEST(Properties, PsdsAndBestFDoNotChangeUnderAMonotoneMap) {
  Matrix scores = random_scores(kClips * kFrames, kClasses, 1);
  for (const TruthEvent& event : random_truth(5).events) {  // something to be found
    for (auto f = static_cast<std::size_t>(event.onset_s * 5);
         static_cast<double>(f) < event.offset_s * 5; ++f) {
      scores.row(event.clip * kFrames + f)[event.class_index] += 0.7F;
    }
  }
  Matrix mapped = scores;
  for (float& score : mapped.data) score = std::exp(3 * score) - 7;
  const DetectionScores before = detect_all(scores), after = detect_all(mapped);
  for (std::size_t i = 0; i < before.psds.size(); ++i) {
    EXPECT_GT(before.psds[i].second.per_class[0], 0) << before.psds[i].first;
    EXPECT_EQ(before.psds[i].second.psds, after.psds[i].second.psds) << before.psds[i].first;
    EXPECT_EQ(before.psds[i].second.per_class, after.psds[i].second.per_class);
  }
  for (std::size_t i = 0; i < before.f_scores.size(); ++i) {
    const auto& [name, scored] = before.f_scores[i];
    if (!name.ends_with("best") && name != "event_f1_best_decimals6") continue;
    for (std::size_t c = 0; c < kClasses; ++c) {
      EXPECT_EQ(scored.per_class[c].f, after.f_scores[i].second.per_class[c].f) << name;
    }
  }
}

TEST(Properties, TaggingDoesNotDependOnTheOrderOfClips) {
  const Matrix scores = random_scores(kClips, kClasses, 2);
  TaggingTruth truth(kClips);
  for (std::size_t i = 0; i < kClips; ++i) truth[i] = {i * 7 % kClasses};
  std::vector<std::size_t> order(kClips);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937(3));
  Matrix shuffled(kClips, kClasses);
  TaggingTruth shuffled_truth(kClips);
  for (std::size_t i = 0; i < kClips; ++i) {
    std::ranges::copy(scores.row(order[i]), shuffled.row(i).begin());
    shuffled_truth[i] = truth[order[i]];
  }
  const TaggingScores before = score_tagging(scores, truth);
  const TaggingScores after = score_tagging(shuffled, shuffled_truth);
  EXPECT_NEAR(before.macro_map, after.macro_map, 1e-15);
  EXPECT_NEAR(before.micro_map, after.micro_map, 1e-15);
  EXPECT_NEAR(before.mauc, after.mauc, 1e-15);
}

TEST(Properties, ReversedScoresTurnTheRocCurveOver) {
  const Matrix scores = random_scores(kClips, kClasses, 4);
  Matrix reversed = scores;
  for (float& score : reversed.data) score = -score;
  TaggingTruth truth(kClips);
  for (std::size_t i = 0; i < kClips; ++i) truth[i] = {i * 5 % kClasses};
  EXPECT_NEAR(score_tagging(scores, truth).mauc + score_tagging(reversed, truth).mauc, 1, 1e-12);
}

TEST(Properties, RetrievalDoesNotChangeUnderAMonotoneMap) {
  const Matrix similarity = random_scores(20, 60, 6);
  Matrix mapped = similarity;
  for (float& value : mapped.data) value = value * value * value + 2;
  Relevance audio_of_text(60);
  for (std::size_t t = 0; t < 60; ++t) audio_of_text[t] = t / 3;
  const RetrievalScores before = score_retrieval(similarity, audio_of_text);
  const RetrievalScores after = score_retrieval(mapped, audio_of_text);
  EXPECT_EQ(before.t2a.ranks, after.t2a.ranks);
  EXPECT_EQ(before.a2t.ranks, after.a2t.ranks);
  EXPECT_EQ(before.a2t.map10, after.a2t.map10);
}

}  // namespace
}  // namespace claptools
