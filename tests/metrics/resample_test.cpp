#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "claptools/metrics/bootstrap.hpp"
#include "claptools/metrics/grounding.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"
#include "claptools/metrics/sed/detection_frames.hpp"
#include "claptools/metrics/sed/detection_resample.hpp"
#include "metrics/metric_files.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using Indices = std::vector<std::size_t>;

/// Three clips; class 0 has events in clip 0 alone, class 1 in clips 0 and 2.
GroundTruth three_clips() {
  return {{4, 5, 7}, {1, 3}, {{0, 0, 1, 2}, {0, 1, 3, 4}, {2, 1, 5, 6}}, {10, 11, 12}};
}

TEST(Resample, ClipsDrawnTwiceCountTwice) {
  const auto [truth, classes] = resample(three_clips(), Indices{2, 0, 2});
  EXPECT_THAT(classes, ElementsAre(0, 1));
  EXPECT_THAT(truth.clips, ElementsAre(7, 4, 7));
  EXPECT_THAT(truth.durations_s, ElementsAre(12, 10, 12));
  ASSERT_EQ(truth.events.size(), 4U);
  EXPECT_EQ(truth.of(2, 1)[0].onset_s, 5);
  EXPECT_EQ(truth.of(1, 0)[0].onset_s, 1);
}

TEST(Resample, AClassWithoutEventsIsNotEvaluated) {
  const auto [truth, classes] = resample(three_clips(), Indices{2, 1});
  EXPECT_THAT(classes, ElementsAre(1));
  EXPECT_THAT(truth.classes, ElementsAre(3));
  ASSERT_EQ(truth.events.size(), 1U);
  EXPECT_EQ(truth.events[0].class_index, 0U);
  const EventList list{0.5, {{0, 0, 1, 2}, {2, 0, 5, 6}, {2, 1, 5, 6}}};
  const EventList drawn = resample(list, Indices{2, 1}, classes);
  ASSERT_EQ(drawn.events.size(), 1U);
  EXPECT_EQ(drawn.events[0].clip, 0U);
  EXPECT_EQ(drawn.events[0].class_index, 0U);
}

TEST(Resample, ScoresFollowTheirClips) {
  DetectionFrames frames({0, 1});
  Matrix scores(2, 2);
  scores.data = {1, 2, 3, 4};
  frames.append(scores, std::vector<double>{0, 1, 2}, "a");
  scores.data = {5, 6, 7, 8};
  frames.append(scores, std::vector<double>{0, 2, 3}, "b");
  const DetectionFrames drawn = frames.drawn(Indices{1, 1, 0}, Indices{1});
  EXPECT_EQ(drawn.clips(), 3U);
  EXPECT_THAT(drawn.scores(0), ElementsAre(6, 8, 6, 8, 2, 4));
  EXPECT_THAT(drawn.boundaries(1), ElementsAre(0, 2, 3));
}

/// All items once are the items.
TEST(Resample, GroundingOfAllItemsIsTheWhole) {
  const GroundTruth truth{{0, 1}, {0}, {{0, 0, 0.5, 2}, {1, 0, 1, 3}}, {4, 4}};
  GroundingScorer scorer(truth, {.keep_items = true});
  const std::vector<double> times{0, 1, 2, 3, 4};
  scorer.add(0, std::vector<float>{0.9F, 0.8F, -1, -1}, times);
  scorer.add(1, std::vector<float>{-1, 0.5F, 0.7F, 2}, times);
  const auto whole = testing::totals(to_metrics(scorer.scores()));
  EXPECT_EQ(testing::totals(to_metrics(scorer.resample(Indices{1, 0}))), whole);
  EXPECT_EQ(scorer.resample(Indices{1, 1, 1}).items, 3U);
  GroundingScorer forgetful(truth);
  EXPECT_THROW(forgetful.resample(Indices{0}), Error);
}

TEST(Resample, RetrievalQueriesKeepTheirRanks) {
  Matrix similarity(2, 3);
  similarity.data = {0.9F, 0.1F, 0.2F, 0.3F, 0.8F, 0.1F};
  const Relevance relevance{0, 1, 1};
  const RetrievalScores whole = score_retrieval(similarity, relevance);
  const RetrievalScores both = resample(whole, relevance, Indices{1, 0});
  EXPECT_EQ(testing::totals(to_metrics(both)), testing::totals(to_metrics(whole)));
  const RetrievalScores second = resample(whole, relevance, Indices{1, 1});
  EXPECT_EQ(second.t2a.ranks.size(), 4U);
  EXPECT_DOUBLE_EQ(second.t2a.r1, 50);  // text 2 lies nearer to audio 0
}

TEST(Resample, ThreadsChangeNothing) {
  const auto score = [](std::span<const std::size_t> clips) -> MetricValues {
    double sum = 0;
    for (const std::size_t clip : clips) sum += static_cast<double>(clip);
    return {{"sum", "", sum}};
  };
  const auto one = bootstrap_intervals(50, score, {100, 3, 0.95, 1});
  const auto four = bootstrap_intervals(50, score, {100, 3, 0.95, 4});
  EXPECT_EQ(one[0].low, four[0].low);
  EXPECT_EQ(one[0].high, four[0].high);
}

}  // namespace
}  // namespace claptools
