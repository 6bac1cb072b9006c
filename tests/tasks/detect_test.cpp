#include "claptools/tasks/detect.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

const std::vector<std::string> kLabels{"dog", "rain"};
const std::vector<double> kHalf{0.5, 0.5};

/// One column a text: '.' is silence, a digit n the score n / 10.
Matrix frames(const std::string& dog, const std::string& rain) {
  Matrix scores(dog.size(), 2);
  const auto score = [](char c) { return c == '.' ? 0.F : static_cast<float>(c - '0') / 10; };
  for (std::size_t t = 0; t < dog.size(); ++t) {
    scores.row(t)[0] = score(dog[t]);
    scores.row(t)[1] = score(rain[t]);
  }
  return scores;
}

DetectOptions unfiltered() { return {.median_window = 1}; }

TEST(Detect, OrdersByTime) {
  const auto events =
      detect(frames("...88.9.", ".77.....").view(), 0.25, 2, kLabels, kHalf, unfiltered());
  EXPECT_EQ(events,
            (std::vector<Event>{
                {"rain", 0.25, 0.75, 0.7F}, {"dog", 0.75, 1.25, 0.8F}, {"dog", 1.5, 1.75, 0.9F}}));
}

TEST(Detect, FiltersBeforeTheThreshold) {
  const auto events = detect(frames("..9.888..", ".........").view(), 1, 9, kLabels, kHalf, {});
  EXPECT_EQ(events, (std::vector<Event>{{"dog", 3, 7, 0.8F}}));  // 9.8 becomes .88, the lone 9 goes
}

TEST(Detect, JoinsGapsUpToAndIncludingTheLimit) {
  DetectOptions options = unfiltered();
  const Matrix scores = frames("9...9....9", "..........");
  options.max_gap_s = 0.3;  // 3 * 0.1 is above 0.3 in doubles
  auto events = detect(scores, 0.1, 1, kLabels, kHalf, options);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0], (Event{"dog", 0, 0.5, 0.9F}));
  options.max_gap_s = 0.29;
  EXPECT_EQ(detect(scores, 0.1, 1, kLabels, kHalf, options).size(), 3u);
  options.max_gap_s = std::numeric_limits<double>::infinity();
  EXPECT_EQ(detect(scores, 0.1, 1, kLabels, kHalf, options).size(), 1u);
}

TEST(Detect, DropsShortEventsAfterJoining) {
  DetectOptions options = unfiltered();
  options.min_duration_s = 0.3;
  options.max_gap_s = 0.1;
  const auto events = detect(frames("9.9...99..", "999......."), 0.1, 1, kLabels, kHalf, options);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].label, "dog");
  EXPECT_EQ(events[1].label, "rain");
}

TEST(Detect, CutsAtTheEnd) {
  const auto events =
      detect(frames("..999999", "......99"), 0.3125, 1.7, kLabels, kHalf, unfiltered());
  EXPECT_EQ(events, (std::vector<Event>{{"dog", 0.625, 1.7, 0.9F}}));  // rain begins at 1.875 s
}

TEST(Detect, TimesAreProducts) {
  std::string row(1000, '.');
  row[707] = '9';
  const auto events =
      detect(frames(row, std::string(1000, '.')), 0.1, 100, kLabels, kHalf, unfiltered());
  EXPECT_EQ(events.at(0).onset_s, 707 * 0.1);
  EXPECT_EQ(events.at(0).offset_s, 708 * 0.1);
}

TEST(Detect, ThresholdIsStrict) {
  EXPECT_TRUE(detect(frames("5", "."), 1, 1, kLabels, kHalf, unfiltered()).empty());
  EXPECT_TRUE(detect(Matrix(0, 2), 1, 0, kLabels, kHalf, unfiltered()).empty());
}

TEST(Detect, EachLabelHasItsThreshold) {
  const std::vector<double> thresholds{0.75, 0.25};
  const auto events =
      detect(frames(".78.", ".35.").view(), 1, 4, kLabels, thresholds, unfiltered());
  EXPECT_EQ(events, (std::vector<Event>{{"rain", 1, 3, 0.5F}, {"dog", 2, 3, 0.8F}}));
}

TEST(Detect, AFilterInSecondsHasTheNearestOddNumberOfFrames) {
  const Matrix scores = frames("..9...99...999....", "..................");
  const auto found = [&](double median_s) {
    DetectOptions options;
    options.median_s = median_s;
    return detect(scores, 0.3125, 10, kLabels, kHalf, options).size();
  };
  EXPECT_EQ(found(0.3), 3u);    // 0.96 frames: 1
  EXPECT_EQ(found(0.624), 3u);  // 1.997: 1
  EXPECT_EQ(found(0.625), 2u);  // 2: 3
  EXPECT_EQ(found(0.9), 2u);    // 2.88: 3
  EXPECT_EQ(found(1.25), 1u);   // 4: 5
}

// The official script: sigmoid, threshold, filter of the binary sequence, gaps of ceil(0.5 /
// 0.3125) = 2 frames. sigmoid(0.8) = 0.68997, sigmoid(0.5) = 0.62246, sigmoid(0.4) = 0.59869.
TEST(Detect, GroundsAsTheOfficialScript) {
  DetectOptions options;
  options.grounding = true;
  options.max_gap_s = 0.5;
  const std::vector<double> thresholds{0.6, 0.6};
  const Matrix scores = frames("555..8585....5..555", "444444.............");
  const auto events = detect(scores, 0.3125, 10, kLabels, thresholds, options);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].onset_s, 0);  // joined over frames 3 and 4
  EXPECT_EQ(events[0].offset_s, 9 * 0.3125);
  EXPECT_FLOAT_EQ(events[0].score, 0.68997448F);
  EXPECT_EQ(events[1].onset_s, 16 * 0.3125);  // the lone frame 13 is filtered out
  options.max_gap_s = 0.3125;
  EXPECT_EQ(detect(scores, 0.3125, 10, kLabels, thresholds, options).size(), 3u);
}

TEST(Detect, RefusesWhatCannotBe) {
  const auto fault = [](const Matrix& scores, double hop_s, const DetectOptions& options) {
    try {
      detect(scores, hop_s, 10, kLabels, kHalf, options);
    } catch (const Error& e) {
      return e.fault();
    }
    return Fault::internal;
  };
  EXPECT_EQ(fault(Matrix(4, 3), 1, {}), Fault::data);
  EXPECT_EQ(fault(Matrix(4, 2), 0, {}), Fault::usage);
  EXPECT_EQ(fault(Matrix(4, 2), 1, {.max_gap_s = -1}), Fault::usage);
  EXPECT_EQ(fault(Matrix(4, 2), 1, {.median_window = 0}), Fault::usage);
  EXPECT_EQ(fault(Matrix(4, 2), 1e-9, {.median_s = 3600}), Fault::usage);
  EXPECT_EQ(fault(Matrix(4, 2), 1, {.median_s = std::nan("")}), Fault::usage);
  Matrix damaged(4, 2);
  damaged.row(2)[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(fault(damaged, 1, {}), Fault::data);
}

TEST(FindPeaks, GivesTheHighestFrameAsItIsCompared) {
  Matrix scores(4, 2);
  scores.data = {0.1F, 0.5F, 0.9F, 0.5F, 0.2F, 0.5F, 0.8F, 0.6F};
  DetectOptions options;
  options.median_window = 1;
  const auto peaks = find_peaks(scores, 0.5, 2, options);
  ASSERT_EQ(peaks.size(), 2U);
  EXPECT_EQ(peaks[0].score, 0.9F);
  EXPECT_EQ(peaks[0].time_s, 0.5);
  EXPECT_EQ(peaks[1].score, 0.6F);
  EXPECT_EQ(peaks[1].time_s, 1.5);
  EXPECT_EQ(find_peaks(scores, 0.5, 1.5, options)[1].score, 0.5F) << "frames after the end";
  options.median_window = 3;
  EXPECT_EQ(find_peaks(scores, 0.5, 2, options)[0].score, 0.8F) << "filtered";
  options.grounding = true;
  EXPECT_GT(find_peaks(scores, 0.5, 2, options)[1].score, 0.6F) << "a sigmoid";
  EXPECT_TRUE(find_peaks(Matrix(0, 2), 0.5, 0, options).empty());
}

}  // namespace
}  // namespace claptools
