#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "claptools/metrics/psds/psds_collector.hpp"
#include "claptools/metrics/psds/seconds_median.hpp"
#include "claptools/metrics/sed/error_rates.hpp"
#include "claptools/metrics/segments/segment_ranking.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The examples of the filter's documentation in sed_scores_eval; `post` in the goldens' README.
TEST(SecondsMedian, ExamplesOfTheLibrary) {
  const auto filter = [](std::vector<float> scores, std::vector<double> times, double window_s) {
    return SecondsMedian(scores, times).filter(window_s);
  };
  const std::vector<double> even{0, 0.2, 0.4, 0.6, 0.8, 1};
  const ScoreSteps a = filter({0, 0, 1, 0, 0}, even, 0.3);
  EXPECT_THAT(a.scores, ElementsAre(0, 1, 0));
  EXPECT_THAT(a.boundaries_s, ElementsAre(0, 0.4, 0.6, 1));
  const ScoreSteps b = filter({0, 0.5, 1, 1, 0}, even, 0.5);
  EXPECT_THAT(b.scores, ElementsAre(0, 0.5, 1, 0));
  EXPECT_THAT(b.boundaries_s, ElementsAre(0, 0.2, 0.4, 0.8, 1));
  const ScoreSteps c = filter({0, 0.5, 1, 0, 1}, {0, 0.2, 0.4, 0.7, 0.8, 1}, 0.6);
  EXPECT_THAT(c.scores, ElementsAre(0, 0.5, 1, 0));
  EXPECT_THAT(c.boundaries_s, ElementsAre(0, 0.2, 0.5, 0.9, 1));
}

TEST(SecondsMedian, NothingIsLeftOfAShortClip) {
  const std::vector<float> scores{1, 2};
  const std::vector<double> times{0, 0.5, 1};
  EXPECT_THAT(SecondsMedian(scores, times).filter(2).scores, IsEmpty());
  EXPECT_THAT(SecondsMedian(scores, times).filter(2).boundaries_s, IsEmpty());
  EXPECT_THAT(SecondsMedian(scores, times).filter(1.9).boundaries_s, ElementsAre(0, 1));
}

/// The definition at one moment: the least score that fills half of the window with lower ones.
float median_at(double time, const std::vector<float>& scores, const std::vector<double>& times,
                double window_s) {
  const auto filled = [&](float most) {
    double sum = std::max(0.0, times.front() - (time - window_s / 2)) +
                 std::max(0.0, time + window_s / 2 - times.back());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const double overlap =
          std::min(times[i + 1], time + window_s / 2) - std::max(times[i], time - window_s / 2);
      if (scores[i] <= most) sum += std::max(0.0, overlap);
    }
    return sum;
  };
  std::vector<float> sorted = scores;
  std::ranges::sort(sorted);
  for (const float score : sorted)
    if (filled(score) >= window_s / 2 - 1e-7) return score;  // sums in doubles
  return sorted.back();
}

TEST(SecondsMedian, IsTheMedianAtEachMoment) {
  std::mt19937 random(3);
  std::size_t looked_at = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<float> scores(1 + random() % 30);
    std::vector<double> times{0};
    for (float& score : scores) {
      score = static_cast<float>(random() % 6);
      times.push_back(times.back() + 0.05 + static_cast<double>(random() % 100) / 300);
    }
    const double window_s = 0.1 + static_cast<double>(random() % 1000) / 500;
    const ScoreSteps steps = SecondsMedian(scores, times).filter(window_s);
    ASSERT_EQ(steps.boundaries_s.size(), steps.scores.empty() ? 0 : steps.scores.size() + 1);
    EXPECT_EQ(steps.scores.empty(), window_s / 2 >= times.back());
    for (std::size_t i = 0; i < steps.scores.size(); ++i) {
      const double start = steps.boundaries_s[i], length = steps.boundaries_s[i + 1] - start;
      ASSERT_GT(length, 0);
      for (const double share : {0.25, 0.5, 0.75}) {
        if (length < 1e-4) continue;  // times are rounded
        ASSERT_EQ(steps.scores[i], median_at(start + share * length, scores, times, window_s));
        ++looked_at;
      }
    }
  }
  EXPECT_GT(looked_at, 3000U);
}

/// 20 segments without and 2 with events: the ROC curve passes (0, 0.5), (0.05, 0.5), (0.15, 1).
TEST(SegmentRanking, PartOfTheAreaEndsOnALine) {
  std::vector<ScoredSegment> segments{{9, true}, {8, false}, {7, true}, {7, false}, {7, false}};
  segments.resize(22);
  const SegmentRanking ranking = rank_segments(ranked(segments));
  const double part = 0.05 * 0.5 + 0.05 * (0.5 + 0.75) / 2;
  EXPECT_NEAR(ranking.partial_auroc, part / 0.1, 1e-12);
  EXPECT_NEAR(ranking.corrected_auroc, (1 + (part - 0.005) / 0.095) / 2, 1e-12);
  EXPECT_NEAR(ranking.auroc, 0.05 * 0.5 + 0.1 * 0.75 + 0.85, 1e-12);
  EXPECT_NEAR(ranking.ap, 0.5 + 0.5 * 2 / 5, 1e-12);
}

TEST(SegmentRanking, IsNotDefinedWithoutBothKinds) {
  const std::vector<ScoredSegment> negatives(3), positives(3, {1, true});
  EXPECT_TRUE(std::isnan(rank_segments(negatives).ap));
  EXPECT_TRUE(std::isnan(rank_segments(negatives).auroc));
  EXPECT_EQ(rank_segments(positives).ap, 1);
  EXPECT_TRUE(std::isnan(rank_segments(positives).partial_auroc));
  const double defined[] = {0.5, NAN, 1};
  EXPECT_EQ(mean_of_defined(defined), 0.75);
  EXPECT_TRUE(std::isnan(mean_of_defined(std::span(defined).subspan(1, 1))));
}

/// The overall error rate of sed_eval: in segment 0 one class is taken for the other.
TEST(ErrorRates, SubstitutionsAreMissesPairedWithFalsePositives) {
  SubstitutionCounter counter;
  counter.add(std::vector<ScoredSegment>{{0, true}, {1, true}, {0, true}}, {}, 0.5);
  counter.add(std::vector<ScoredSegment>{{1, false}, {0, true}, {0, false}}, {}, 0.5);
  EXPECT_EQ(counter.count(), 1U);
  std::vector<ClassFScore> classes(2);
  classes[0].counts = {1, 0};
  classes[0].events = 3;
  classes[1].counts = {0, 1};
  classes[1].events = 1;
  const ErrorRates rates = error_rates(classes, counter.count());
  EXPECT_THAT(rates.per_class, ElementsAre(2.0 / 3, 2.0));
  EXPECT_DOUBLE_EQ(rates.macro, 4.0 / 3);
  EXPECT_EQ(rates.micro, 3.0 / 4);
}

TEST(PsdRoc, ItsOwnTprMayFall) {
  const std::vector<PsdPoints> classes{{{1, 0.75}, {2, 0.5}, {2, 0.25}, {9, 1}}};
  const PsdRoc own = psd_roc(classes, 0, 4, PsdTpr::own);
  EXPECT_EQ(own.efpr, (std::vector<double>{0, 1, 2, 4}));
  EXPECT_EQ(own.etpr, (std::vector<double>{0, 0.75, 0.5, 0.5}));
  EXPECT_EQ(own.psds, (0.75 + 2 * 0.5) / 4);
  EXPECT_EQ(psd_roc(classes, 0, 4).psds, 3 * 0.75 / 4);
}

}  // namespace
}  // namespace claptools
