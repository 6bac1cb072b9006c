#include "claptools/metrics/score_codes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/grounding.hpp"
#include "claptools/metrics/sed/detection_scores.hpp"
#include "claptools/metrics/tagging.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

TEST(ScoreCodes, KeepTheOrder) {
  const std::vector<double> scores{0.1, 0.1 + 1e-16, 1e300, -1e300, 5e-324, -0.0, 1.0, 1.0 + 1e-15};
  const ScoreCodes codes(scores);
  for (const double a : scores) {
    EXPECT_EQ(codes.score(codes.code(a)), a);
    EXPECT_TRUE(std::isnormal(codes.code(a)));
    for (const double b : scores) {
      EXPECT_EQ(codes.code(a) < codes.code(b), a < b) << a << " " << b;
      EXPECT_EQ(codes.code(a) == codes.code(b), a == b) << a << " " << b;
    }
  }
  EXPECT_EQ(codes.score(codes.code(0)), 0);
}

TEST(ScoreCodes, OfFloatsAreTheFloats) {
  const ScoreCodes codes;
  EXPECT_EQ(codes.code(0.25), 0.25F);
  EXPECT_EQ(codes.score(0.1F), double{0.1F});
}

/// Scores near 1 that float32 makes one: by rank, as sklearn.metrics.average_precision_score.
TEST(Float64, TaggingTellsConfidentScoresApart) {
  DoubleMatrix scores(4, 1);
  scores.data = {1 - 1e-12, 1 - 2e-12, 1 - 3e-12, 1 - 4e-12};
  const auto ap = score_tagging(to_codes(scores), {{0}, {}, {0}, {}}).per_class[0].ap;
  EXPECT_NEAR(ap.value(), (1.0 + 2.0 / 3) / 2, 1e-15);
}

TEST(Float64, ClassificationTellsThemApart) {
  DoubleMatrix scores(2, 2);
  scores.data = {1 - 1e-12, 1 - 2e-12, 1 - 2e-12, 1 - 1e-12};
  const std::vector<std::string> classes{"x", "y"};
  const auto result = score_classification(to_codes(scores), {{0, 1}, {}}, classes);
  EXPECT_EQ(result.top1, 1);
  EXPECT_EQ(result.top1_ties_pessimistic, 1);
}

/// The same scores as float32 and float64 give the same, to the last bit, under a filter and in
/// resamples, too.
TEST(Float64, DetectionIsTheSameWhereFloat32HoldsTheScores) {
  constexpr std::size_t kClips = 6, kFrames = 20, kClasses = 2;
  std::mt19937 random(7);
  GroundTruth truth;
  truth.classes = {0, 1};
  std::vector<double> times;
  for (std::size_t t = 0; t <= kFrames; ++t) times.push_back(0.5 * static_cast<double>(t));
  DetectionFrames single({0, 1}, 3), twice({0, 1}, 3);
  for (std::size_t clip = 0; clip < kClips; ++clip) {
    truth.clips.push_back(clip);
    truth.durations_s.push_back(10);
    for (std::size_t c = 0; c < kClasses; ++c) {
      const double onset = static_cast<double>(random() % 12) / 2;
      truth.events.push_back({clip, c, onset, onset + 3});
    }
    Matrix scores(kFrames, kClasses);
    DoubleMatrix exact(kFrames, kClasses);
    for (std::size_t i = 0; i < scores.data.size(); ++i) {
      scores.data[i] = static_cast<float>(static_cast<int>(random() % 31) - 15) / 10.0F;
      exact.data[i] = scores.data[i];
    }
    single.append(scores, times, "clip");
    twice.append(exact, times, "clip");
  }
  single.rank();
  twice.rank();
  const std::vector<std::string> names{"x", "y"};
  const auto metrics = [&](const DetectionFrames& frames, const GroundTruth& of) {
    return testing::totals(to_metrics(score_detection(frames, of), names));
  };
  EXPECT_EQ(metrics(single, truth), metrics(twice, truth));
  EXPECT_GT(metrics(twice, truth).at("segment_f1_best.macro_average"), 0);
  const std::vector<std::size_t> all{0, 1}, clips{5, 4, 3, 2, 1, 0};
  EXPECT_EQ(metrics(single.drawn(clips, all), truth), metrics(twice.drawn(clips, all), truth));
}

/// float32 would make one score of the two frames, and a threshold of 0.2 would tell 0.2f from 0.2.
TEST(Float64, DetectionComparesInDoubles) {
  GroundTruth truth{{0}, {0}, {{0, 0, 0, 1}}, {2}};
  DoubleMatrix scores(2, 1);
  scores.data = {0.2 + 1e-12, 0.2};
  DetectionFrames frames({0});
  frames.append(scores, std::vector<double>{0, 1, 2}, "clip");
  frames.rank();
  DetectionOptions options;
  options.threshold = 0.2;
  const std::vector<std::string> names{"x"};
  const auto found = testing::totals(to_metrics(score_detection(frames, truth, options), names));
  EXPECT_EQ(found.at("event_f1_best.macro_average"), 1);
  EXPECT_EQ(found.at("event_f1_at.macro_average"), 1);
  EXPECT_EQ(found.at("segment_f1_at.macro_average"), 1);
}

/// float32 makes one probability of both, above the threshold of 0.51 or not.
TEST(Float64, GroundingComparesInDoubles) {
  const GroundTruth truth{{0}, {0}, {{0, 0, 0, 4}}, {4}};
  const std::vector<double> times{0, 1, 2, 3, 4};
  const double at_threshold = std::log(0.51 / 0.49);
  const auto detections = [&](double cosine) {
    GroundingScorer scorer(truth, {1, 0, false});
    scorer.add(0, std::vector<double>(4, cosine), times);
    return scorer.scores().points[25].detections;
  };
  EXPECT_EQ(detections(at_threshold - 1e-9), 0U);
  EXPECT_EQ(detections(at_threshold + 1e-9), 1U);
}

}  // namespace
}  // namespace claptools
