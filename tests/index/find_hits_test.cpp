#include "claptools/index/find_hits.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "claptools/index/index_directory.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

/// 100 rows of one long recording, each a little closer to the query than the one before, then one
/// row each of two others that are farther.
IndexDirectory long_and_short() {
  IndexDirectory directory;
  directory.index = make_index("Flat", 1);
  Matrix vectors(102, 1);
  for (std::size_t i = 0; i < 100; ++i) {
    vectors.data[i] = 0.5F + static_cast<float>(i) / 256;
    directory.rows.segments.push_back({"long", double(i), double(i + 1)});
  }
  vectors.data[100] = 0.25F;
  vectors.data[101] = 0.125F;
  directory.rows.segments.push_back({"short", 0, 1});
  directory.rows.segments.push_back({"other", 0, 1});
  directory.index->add(vectors);
  return directory;
}

/// Row and score of what is found. @param own id of the query.
std::vector<std::pair<std::size_t, float>> search(const HitOptions& options,
                                                  const std::vector<std::string>& own = {}) {
  const float query = 1;
  const IndexDirectory directory = long_and_short();
  const auto hits =
      find_hits(*directory.index, directory.rows.segments, {0, 102}, {&query, 1, 1}, options, own);
  std::vector<std::pair<std::size_t, float>> found;
  for (const Hit& hit : hits[0]) found.emplace_back(hit.row, hit.score);
  return found;
}

constexpr float kBest = 0.5F + 99.0F / 256;

TEST(FindHits, GivesTheBestRowsFirst) {
  EXPECT_THAT(search({.k = 2}), ElementsAre(Pair(99, kBest), Pair(98, 0.5F + 98.0F / 256)));
}

TEST(FindHits, LooksPastALongRecordingForOthers) {
  EXPECT_THAT(search({.k = 3, .by_file = true}),
              ElementsAre(Pair(99, kBest), Pair(100, 0.25F), Pair(101, 0.125F)));
  EXPECT_THAT(search({.k = 1000, .by_file = true}), ::testing::SizeIs(3));
}

TEST(FindHits, LeavesOutLowScores) {
  EXPECT_THAT(search({.k = 5, .min_score = 0.25, .by_file = true}),
              ElementsAre(Pair(99, kBest), Pair(100, 0.25F)));
  EXPECT_THAT(search({.k = 5, .min_score = 2}), ::testing::IsEmpty());
}

TEST(FindHits, TakesAnyK) { EXPECT_THAT(search({.k = SIZE_MAX}), ::testing::SizeIs(102)); }

TEST(FindHits, LooksPastTheQuerysOwnRows) {
  EXPECT_THAT(search({.k = 1}, {"long"}), ElementsAre(Pair(100, 0.25F)));
  EXPECT_THAT(search({.k = 9, .by_file = true}, {"long"}),
              ElementsAre(Pair(100, 0.25F), Pair(101, 0.125F)));
  EXPECT_THAT(search({.k = 1}, {"./folder/../long"}), ElementsAre(Pair(100, 0.25F)));
  EXPECT_THAT(search({.k = 1}, {"folder/long"}), ElementsAre(Pair(99, kBest)));
  EXPECT_THAT(search({.k = 1}, {""}), ElementsAre(Pair(99, kBest)));
}

/// Segments of one recording, best first, and what becomes of the best one.
Hit joined(std::vector<Segment> segments, double min_score = 0) {
  std::vector<Hit> hits;
  for (const Segment& segment : segments) {
    hits.push_back({hits.size(), 1.0F - 0.1F * static_cast<float>(hits.size()), segment.start_s,
                    segment.end_s});
  }
  const auto selected = select_hits(hits, segments, {.min_score = min_score, .by_file = true});
  EXPECT_EQ(selected.size(), 1u);
  EXPECT_EQ(selected[0].row, 0u);
  return selected[0];
}

TEST(FindHits, JoinsWhatTouchesTheBestSegment) {
  EXPECT_EQ(joined({{"a", 10, 20}, {"a", 15, 25}, {"a", 5, 15}}), (Hit{0, 1, 5, 25}));
  EXPECT_EQ(joined({{"a", 10, 20}, {"a", 30, 40}, {"a", 20, 30}}), (Hit{0, 1, 10, 40}));
  EXPECT_EQ(joined({{"a", 10, 20}, {"a", 30, 40}, {"a", 0, 5}}), (Hit{0, 1, 10, 20}));
  EXPECT_EQ(joined({{"a", 30, 40}, {"a", 0, 10}, {"a", 8, 12}, {"a", 25, 31}}),
            (Hit{0, 1, 25, 40}));
}

TEST(FindHits, JoinsNothingWithoutALeastScore) {
  EXPECT_EQ(joined({{"a", 10, 20}, {"a", 15, 25}}, -INFINITY), (Hit{0, 1, 10, 20}));
}

/// The 88 rows of the long recording that reach the score lie side by side.
TEST(FindHits, LooksForAllThatCanBeJoined) {
  const float query = 1;
  const IndexDirectory directory = long_and_short();
  const auto hits = find_hits(*directory.index, directory.rows.segments, {0, 102}, {&query, 1, 1},
                              {.k = 1, .min_score = 0.5F + 12.0F / 256, .by_file = true});
  EXPECT_THAT(hits[0], ElementsAre(Hit{99, kBest, 12, 100}));
}

}  // namespace
}  // namespace claptools
