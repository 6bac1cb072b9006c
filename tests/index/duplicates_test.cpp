#include "claptools/index/duplicates/duplicates.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "claptools/index/duplicates/best_copy.hpp"
#include "index/random_vectors.hpp"

namespace claptools {
namespace {

TEST(BestCopy, IsTheLongestThenOfTheHighestRateThenLossless) {
  const CopyFacts ogg{true, 60, 44100, false, 0, 128000}, wav{true, 60, 44100, true, 16, 0};
  CopyFacts shorter = wav, padded = ogg, low = wav, gone = wav, opus = ogg, deep = wav;
  shorter.length_s = 57;
  padded.length_s = 60.05;  // as MP3 does
  low.sample_rate = 22050;
  gone.readable = false;
  gone.length_s = 70;
  opus.sample_rate = 48000;  // Opus always says so
  deep.bits = 24;
  const auto best = [](const std::vector<CopyFacts>& copies) { return best_copy(copies); };
  EXPECT_EQ(best({shorter, ogg}), 1u);
  EXPECT_EQ(best({padded, wav}), 1u);
  EXPECT_EQ(best({low, ogg}), 1u);
  EXPECT_EQ(best({gone, shorter}), 1u);
  EXPECT_EQ(best({opus, wav}), 1u);
  EXPECT_EQ(best({opus, ogg}), 0u);
  EXPECT_EQ(best({wav, deep}), 1u);
  EXPECT_EQ(best({wav, wav}), 0u);
  CopyFacts poor = ogg;
  poor.bit_rate = 64000;
  EXPECT_EQ(best({poor, ogg}), 1u);
  EXPECT_EQ(best({{}, {false, 10}}), 1u);
}

TEST(Recordings, AreOneWhateverTheSpellingOfTheirPath) {
  const std::vector<Segment> segments{{"a.wav", 0, 10},
                                      {"a.wav", 10, 12},
                                      {"./a.wav", 5, 15},
                                      {"b/../c.wav", 0, 3},
                                      {"c.wav", 3, 4}};
  const Recordings found = find_recordings(segments, true);
  EXPECT_EQ(found.of_row, (std::vector<std::uint32_t>{0, 0, 0, 1, 1}));
  EXPECT_EQ(found.first_row, (std::vector<std::uint32_t>{0, 3}));
  EXPECT_EQ(found.length_s, (std::vector<double>{15, 4}));
  EXPECT_EQ(find_recordings(segments, false).first_row.size(), 4u);
}

/// Windows of 10 s at every second.
std::vector<Segment> windows(const std::string& id, int count) {
  std::vector<Segment> segments;
  for (int i = 0; i < count; ++i) segments.push_back({id, double(i), i + 10.0});
  return segments;
}

TEST(RecordingMatches, JoinWindowsOfOneOffset) {
  auto segments = windows("a", 20);
  const auto more = windows("b", 20);
  segments.insert(segments.end(), more.begin(), more.end());
  const Recordings recordings = find_recordings(segments, false);
  std::vector<RowPair> pairs;
  for (std::uint32_t i = 3; i < 15; ++i) {
    pairs.push_back({i, 20 + i - 3, 0.999F});  // b begins 3 s later
    pairs.push_back({i, 20 + i - 2, 0.991F});  // what steady sound adds
  }
  pairs.push_back({4, 25, 0.9995F});  // a chance likeness at another offset
  const auto found = match_recordings(pairs, segments, recordings, 0.99);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].first_span, (Span{3, 24}));
  EXPECT_EQ(found[0].second_span, (Span{0, 21}));
  EXPECT_EQ(found[0].offset_s, -3);
  EXPECT_EQ(found[0].windows, 12u);
  EXPECT_EQ(found[0].score, 0.9995F);
}

TEST(RecordingMatches, KeepASoundThatComesAgainApart) {
  auto segments = windows("a", 5);
  const auto more = windows("b", 60);
  segments.insert(segments.end(), more.begin(), more.end());
  std::vector<RowPair> pairs;
  for (std::uint32_t i = 0; i < 5; ++i) {
    pairs.push_back({i, 5 + i, 0.999F});
    pairs.push_back({i, 5 + i + 40, 0.998F});
  }
  const auto found = match_recordings(pairs, segments, find_recordings(segments, false), 0.99);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].second_span, (Span{0, 14}));
  EXPECT_EQ(found[1].second_span, (Span{40, 54}));
  EXPECT_EQ(found[1].first_span, (Span{0, 14}));
}

class Duplicates : public ::testing::Test {
 protected:
  /// One row per recording; equal letters of `sounds` are equal vectors.
  SearchDirectory directory(const std::vector<Segment>& segments, const std::string& sounds) {
    SearchDirectory made;
    Matrix rows(segments.size(), 8);
    for (std::size_t i = 0; i < sounds.size(); ++i)
      rows.row(i)[static_cast<std::size_t>(sounds[i] - 'a')] = 1;
    auto index = make_index("Flat", 8);
    index->add(rows);
    made.index = std::move(index);
    made.rows.header.kind = "audio";
    made.rows.segments = segments;
    return made;
  }
};

TEST_F(Duplicates, AreGroupedWithTheCopyToKeep) {
  const auto made = directory({{"/no/1", 0, 5},
                               {"/no/2", 0, 5},
                               {"/no/3", 0, 9},
                               {"/no/4", 0, 5},
                               {"/no/5", 0, 5},
                               {"/no/6", 0, 5}},
                              "abacba");
  const auto found = find_duplicates(made, {});
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].id, "/no/1");
  EXPECT_EQ(found[0].other_id, "/no/3");
  EXPECT_EQ(found[0].keep, "/no/3");
  EXPECT_EQ(found[0].share, 1);
  EXPECT_EQ(found[2].keep, "/no/3");
  EXPECT_EQ(found[2].group, 1u);
  EXPECT_EQ(found[3].group, 2u);
  EXPECT_EQ(found[3].id, "/no/2");
  EXPECT_EQ(found[3].keep, "/no/2");
}

TEST_F(Duplicates, CoverAShareOfTheShorterRecording) {
  const auto made = directory({{"/no/1", 0, 5}, {"/no/1", 5, 20}, {"/no/2", 0, 5}}, "aba");
  DuplicateOptions options;
  EXPECT_EQ(find_duplicates(made, options).at(0).share, 1);
  const auto long_ones =
      directory({{"/no/1", 0, 5}, {"/no/1", 5, 20}, {"/no/2", 0, 5}, {"/no/2", 5, 20}}, "abac");
  EXPECT_DOUBLE_EQ(find_duplicates(long_ones, options).at(0).share, 0.25);
  options.min_share = 0.3;
  EXPECT_TRUE(find_duplicates(long_ones, options).empty());
}

TEST_F(Duplicates, AreNotTwoNamesOfOneFile) {
  const testing::TempFolder folder;
  const std::string any = CLAPTOOLS_EXAMPLES "/audio/misc_crow.flac";
  std::filesystem::copy_file(any, folder / "one");
  std::filesystem::create_symlink(folder / "one", folder / "link");
  std::filesystem::copy_file(any, folder / "two");
  const std::string one = folder / "one", link = folder / "link", two = folder / "two";
  const auto found = find_duplicates(
      directory({{one, 0, 5}, {link, 0, 5}, {two, 0, 5}, {"/no/1", 0, 99}}, "aaaa"), {});
  ASSERT_EQ(found.size(), 5u);
  for (const Duplicate& duplicate : found) {
    EXPECT_FALSE(duplicate.id == one && duplicate.other_id == link);
    EXPECT_EQ(duplicate.keep, one);  // not the one that is gone
  }
}

}  // namespace
}  // namespace claptools
