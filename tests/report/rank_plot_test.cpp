#include <gmock/gmock.h>

#include "claptools/report/plots.hpp"
#include "report/markup_check.hpp"

namespace claptools {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(RankHistogramPlot, CountsBothEndsOfEachBin) {
  const std::vector<std::size_t> ranks{0, 0, 1, 4, 5, 9, 9, 10, 49, 50, 99, 100};
  const Markup markup = expect_drawing(rank_histogram_plot({.t2a = ranks, .a2t = {}}));
  for (const char* tooltip : {"text to audio, rank 1: 2 of 12",
                              "text to audio, rank 2\xE2\x80\x93"
                              "5: 2 of 12",
                              "text to audio, rank 6\xE2\x80\x93"
                              "10: 3 of 12",
                              "text to audio, rank 11\xE2\x80\x93"
                              "50: 2 of 12",
                              "text to audio, rank 51\xE2\x80\x93"
                              "100: 2 of 12",
                              "text to audio, rank 101\xE2\x80\x93"
                              "500: 1 of 12"}) {
    EXPECT_THAT(markup.texts("title"), Contains(tooltip));
  }
  for (const char* recall : {"16.67 %", "33.33 %", "58.33 %", "75.00 %"}) {
    EXPECT_THAT(markup.texts("text"), Contains(recall));
  }
  EXPECT_THAT(markup.texts("text"), Not(Contains("audio to text")));
}

TEST(RankHistogramPlot, DrawsHeightsAsSharesOfEachDirection) {
  const std::vector<std::size_t> texts{0, 0, 0, 7}, audios{0, 7};
  const Markup markup = expect_drawing(rank_histogram_plot({texts, audios}));
  std::vector<double> heights;
  for (const MarkupElement& rect : markup.all("rect")) {
    if (rect.attribute("height") != "12") heights.push_back(std::stod(rect.attribute("height")));
  }
  // The paper, then rank 1 of both directions: 75 % and 50 %; the axis ends at 1.12 * 75 %.
  EXPECT_NEAR(heights.at(1), 300 / 1.12, 0.01);
  EXPECT_NEAR(heights.at(2), 300 / 1.12 * 50 / 75, 0.01);
}

TEST(RankHistogramPlot, SurvivesNoQueriesAndTheWorstRank) {
  expect_drawing(rank_histogram_plot({}));
  const std::vector<std::size_t> worst{99'999'999};
  const Markup markup = expect_drawing(rank_histogram_plot({{}, worst}));
  EXPECT_THAT(markup.texts("title"), Contains(HasSubstr("50000001\xE2\x80\x93"
                                                        "100000000: 1 of 1")));
  EXPECT_EQ(rank_histogram_plot({{}, worst}), rank_histogram_plot({{}, worst}));
}

}  // namespace
}  // namespace claptools
