#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "claptools/metrics/descending_order.hpp"
#include "claptools/metrics/sed/detection_scores.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Values of psds_eval's documentation of its area under a curve, as README of the goldens has
/// them.
TEST(PsdRoc, AreaIsThatOfAStaircase) {
  const PsdPoints points{{0, 1}, {1, 2}, {2, 3}};
  EXPECT_NEAR(psd_roc({{points}}, 0, {}).psds, 3.0 / 2, 1e-12);
  EXPECT_NEAR(psd_roc({{points}}, 0, 2.5).psds, 4.5 / 2.5, 1e-12);
  EXPECT_NEAR(psd_roc({{{{0, 1.1}, {1, 2.3}, {2, 3.5}, {3, 4.2}}}}, 0, 2).psds, 3.4 / 2, 1e-12);
  EXPECT_NEAR(psd_roc({{{{0, 0}, {1, 1}, {2, 2}, {3, 3}}}}, 0, 10).psds, 24.0 / 10, 1e-12);
}

TEST(PsdRoc, MeanLessDeviationOverClasses) {
  const std::vector<PsdPoints> classes{{{2, 0.5}, {1, 0.75}}, {{1, 0.25}, {3, 1}, {9, 1}}};
  const PsdRoc roc = psd_roc(classes, 1, 4);
  EXPECT_EQ(roc.efpr, (std::vector<double>{0, 1, 3, 4}));  // 2 lowers, 9 lies beyond
  EXPECT_EQ(roc.etpr, (std::vector<double>{0, 0.25, 0.75, 0.75}));
  EXPECT_EQ(roc.per_class, (std::vector<double>{2.25 / 4, 1.5 / 4}));
  EXPECT_EQ(roc.psds, (0.5 + 0.75) / 4);
  EXPECT_EQ(psd_roc(classes, 5, 4).etpr, (std::vector<double>{0, 0, 0.25, 0.25}));  // not below 0
}

TEST(PsdRoc, NeedsALimit) {
  EXPECT_EQ(psd_roc({{{{7, 1}}, {{5, 1}}}}, 0, {}).max_efpr, 7);
  EXPECT_EQ(testing::data_error([] {
              psd_roc({{{{0, 1}}}}, 0, {});
            }),
            "PSDS: no false positive, so no largest eFPR");
  EXPECT_EQ(testing::data_error([] { psd_roc({}, 0, 100); }), "PSDS: no class");
}

TEST(FallingOrder, IsThatOfAStableSort) {
  std::mt19937 random(1);
  std::vector<float> scores{0.F, -0.F, 3e38F, -3e38F, 1e-40F, -1e-40F};
  for (int i = 0; i < 5000; ++i) {
    scores.push_back(static_cast<float>(static_cast<int>(random() % 2001) - 1000) / 7.F);
  }
  std::vector<std::size_t> expected(scores.size());
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i;
  std::ranges::stable_sort(expected, std::greater(), [&](std::size_t i) { return scores[i]; });
  const auto order = descending_order(scores);
  ASSERT_EQ(order.size(), expected.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    ASSERT_EQ(order[i].index(), expected[i]);
    EXPECT_EQ(order[i].score(), scores[expected[i]]);
    if (i == 0) continue;
    EXPECT_EQ(order[i].ties_with(order[i - 1]), order[i].score() == order[i - 1].score());
  }
}

/// One clip of 10 s in frames of 1 s, one class with a score for each frame.
struct OneClip {
  OneClip(std::vector<float> scores, std::vector<TruthEvent> events) : frames({0}) {
    std::vector<double> boundaries;
    for (std::size_t f = 0; f <= scores.size(); ++f) boundaries.push_back(static_cast<double>(f));
    frames.append({scores.data(), scores.size(), 1}, boundaries, "clip");
    truth = {{0}, {0}, std::move(events), {10}};
  }

  ClassFScore best(const std::string& name) const {
    for (const auto& [metric, scores] : score_detection(frames, truth).f_scores) {
      if (metric == name) return scores.per_class[0];
    }
    ADD_FAILURE() << name;
    return {};
  }

  DetectionFrames frames;
  GroundTruth truth;
};

/// The first detection fits both events, the second only the first event: taking pairs as they
/// come would find one.
TEST(EventF1, MatchingIsTheLargest) {
  const OneClip clip(std::vector<float>(10), {{0, 0, 0.75, 1}, {0, 0, 1.75, 7}});
  const DetectionSweep sweep(clip.frames, 0);
  EventCounter counter(clip.truth, 0, {.onset_s = 1, .offset_s = 6});
  counter.add({0, 1, 1, 7});
  counter.settle(0, sweep);
  EXPECT_EQ(counter.counts(), (DetectionCounts{1, 0}));
  counter.add({0, 0, 0, 1});
  counter.settle(0, sweep);
  EXPECT_EQ(counter.counts(), (DetectionCounts{2, 0}));
  counter.remove({0, 1, 1, 7});
  counter.settle(0, sweep);
  EXPECT_EQ(counter.counts(), (DetectionCounts{1, 0}));
}

TEST(IntersectionF1, ThresholdLiesBetweenScores) {
  const OneClip clip({0, 0, 0.5F, 0.5F, 0, 0, 0.25F, 0, 0, 0}, {{0, 0, 2, 4}});
  const ClassFScore best = clip.best("intersection_f1_best");
  EXPECT_EQ(best.f, 1);
  EXPECT_EQ(best.threshold, 0.375);
  EXPECT_EQ(best.counts, (DetectionCounts{1, 0}));
  EXPECT_EQ(clip.best("intersection_f1_at").counts, (DetectionCounts{1, 1}));
}

TEST(IntersectionF1, NothingDetectedIsBest) {
  const OneClip clip({1, 1, 1, 0, 0, 0, 0, 0, 0, 0}, {{0, 0, 8, 8.1}});
  EXPECT_EQ(clip.best("intersection_f1_best").threshold, kInfinity);
  EXPECT_EQ(clip.best("intersection_f1_best").p, 1);
  const OneClip whole(std::vector<float>(10, 0.5F), {{0, 0, 0, 10}});
  EXPECT_EQ(whole.best("intersection_f1_best").threshold, -kInfinity);
}

/// 0.3 - 0.2 is less than half of 0.3 - 0.1, but not when both are rounded.
TEST(Intersection, OverlapsAreRounded) {
  const GroundTruth truth{{0}, {0}, {{0, 0, 0.2, 0.5}}, {1}};
  IntersectionCounter counter(truth, 0, {0.5, 0.5, {}});
  counter.add({0, 1, 0.1, 0.3});
  EXPECT_EQ(counter.counts().false_positives, 0u);
  counter.add({0, 6, 0.6, 0.8});
  EXPECT_EQ(counter.counts().false_positives, 1u);
}

TEST(Intersection, OnlyOtherClassesAreTriggered) {
  const GroundTruth truth{{0}, {0, 1, 2}, {{0, 0, 0, 4}, {0, 1, 4, 8}, {0, 2, 8, 9}}, {10}};
  IntersectionCounter counter(truth, 0, {0.5, 0.5, 0.3});
  counter.add({0, 0, 0, 9});  // 4 of 9 s are its own, fewer than half
  EXPECT_EQ(counter.counts().false_positives, 1u);
  EXPECT_TRUE(std::ranges::equal(counter.cross_triggers(), std::vector<std::size_t>{0, 1, 0}));
  counter.remove({0, 0, 0, 9});
  EXPECT_TRUE(std::ranges::equal(counter.cross_triggers(), std::vector<std::size_t>{0, 0, 0}));
}

/// A clip of 4 s with frames for 2 s only: a segment without a frame has score 0.
TEST(SegmentF1, SegmentsWithoutFramesScoreZero) {
  OneClip clip({-1, -2}, {{0, 0, 2.5, 3}});
  clip.truth.durations_s = {3.5};
  const SegmentFScores scores = segment_f_scores(ranked(class_segments(clip.frames, clip.truth, 0)),
                                                 clip.frames.codes(0), -1.5);
  EXPECT_EQ(scores.segments, 4u);
  EXPECT_EQ(scores.best.counts, (DetectionCounts{1, 1}));
  EXPECT_EQ(scores.best.threshold, -0.5);
  EXPECT_EQ(scores.at_threshold.counts, (DetectionCounts{1, 2}));
}

/// Seven detections of 0.1 s cover exactly half of an event of 1.4 s, but their sum in doubles
/// depends on its order.
TEST(Intersection, SumsAreRounded) {
  std::vector<float> scores(20);
  std::vector<double> boundaries{0};
  for (std::size_t f = 0; f < scores.size(); ++f) {
    boundaries.push_back(static_cast<double>(f + 1) * 2 / 20);
    if (f % 2 == 0 && f < 14) scores[f] = static_cast<float>((f * 7) % 11 + 1);
  }
  DetectionFrames frames({0});
  frames.append({scores.data(), scores.size(), 1}, boundaries, "clip");
  const GroundTruth truth{{0}, {0}, {{0, 0, 0, 1.4}}, {2}};
  IntersectionCounter counter(truth, 0, {0.7, 0.5, {}});
  struct Last : RunCounter {
    void add(const DetectedRun&) override {}
    void remove(const DetectedRun&) override {}
    void settle(std::size_t, const DetectionSweep&) override {}
    void reach(double score) override {
      if (score >= 1) found.push_back(counter->counts().true_positives);
    }
    const IntersectionCounter* counter = nullptr;
    std::vector<std::size_t> found;
  } last;
  last.counter = &counter;
  std::vector<RunCounter*> counters{&counter, &last};
  DetectionSweep(frames, 0).run(counters);
  EXPECT_EQ(last.found, (std::vector<std::size_t>{0, 0, 0, 0, 0, 0, 1}));
}

}  // namespace
}  // namespace claptools
