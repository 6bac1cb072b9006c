#include "claptools/tasks/join_frames.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr int kRate = 32000;
const FrameTiming kHalfSeconds = {0.5, kRate, false};

/// Frame scores of one class that count up from `first`.
Matrix frames(std::size_t count, float first) {
  Matrix m(count, 1);
  for (std::size_t i = 0; i < count; ++i) m.data[i] = first + static_cast<float>(i);
  return m;
}

struct Joined {
  std::vector<RecordingFrames> recordings;
  FrameJoiner::Sink sink() {
    return [this](const RecordingFrames& r) { recordings.push_back(r); };
  }
};

TEST(FrameJoiner, JoinsWindowsAndSeparatesRecordings) {
  Joined joined;
  FrameJoiner joiner(kHalfSeconds, "file", joined.sink());
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.add("a", 2, 3.25, frames(4, 4));  // the fourth frame begins past the end
  joiner.add("b", 0, 1, frames(4, 8));
  joiner.finish();
  ASSERT_EQ(joined.recordings.size(), 2u);
  EXPECT_EQ(joined.recordings[0].id, "a");
  EXPECT_EQ(joined.recordings[0].end_s, 3.25);
  EXPECT_EQ(joined.recordings[0].scores.data, (std::vector<float>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(joined.recordings[1].scores.data, (std::vector<float>{8, 9}));
}

TEST(FrameJoiner, MergesWindowsThatOverlap) {
  Joined joined;
  FrameJoiner joiner(kHalfSeconds, "file", joined.sink());
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.add("a", 1, 2.6, frames(4, 2));  // says the same of frames 2 and 3
  joiner.finish();
  ASSERT_EQ(joined.recordings.size(), 1u);
  EXPECT_EQ(joined.recordings[0].scores.data, (std::vector<float>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(joined.recordings[0].end_s, 2.6);
}

TEST(FrameJoiner, KeepsWholeWindowsWhereTheyAreWanted) {
  Joined joined;
  FrameJoiner joiner({0.5, kRate, false, true}, "file", joined.sink());
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.add("a", 2, 2.6, frames(4, 4));
  joiner.add("b", 0, 0.1, frames(4, 8));
  joiner.add("b", 0.2, 0.3, frames(4, 9));  // begins behind the end, though not behind the frames
  joiner.finish();
  ASSERT_EQ(joined.recordings.size(), 3u);
  EXPECT_EQ(joined.recordings[0].end_s, 2.6);
  EXPECT_EQ(joined.recordings[0].scores.data, (std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(joined.recordings[1].end_s, 0.1);
  EXPECT_EQ(joined.recordings[1].scores.data, (std::vector<float>{8, 9, 10, 11}));
  EXPECT_EQ(joined.recordings[2].start_s, 0.2);
}

TEST(FrameJoiner, StretchedWindowsAreWholeAlready) {
  for (const bool whole : {false, true}) {
    Joined joined;
    FrameJoiner joiner({0.5, kRate, true, whole}, "file", joined.sink());
    joiner.add("a", 0, 1, frames(4, 0));
    joiner.finish();
    EXPECT_EQ(joined.recordings.at(0).scores.rows, 2u) << whole;
  }
}

TEST(FrameJoiner, WindowsNeedNotBeWholeFrames) {
  Joined joined;
  FrameJoiner joiner(kHalfSeconds, "file", joined.sink());
  joiner.add("a", 0, 1.75, frames(4, 0));
  joiner.add("a", 1.75, 3.5, frames(4, 10));
  joiner.finish();
  ASSERT_EQ(joined.recordings.size(), 1u);
  EXPECT_EQ(joined.recordings[0].scores.rows, 7u);
  EXPECT_EQ(joined.recordings[0].scores.data[2], 2);
}

TEST(FrameJoiner, TakesARecordingThatIsGivenTwiceAsTwo) {
  Joined joined;
  FrameJoiner joiner(kHalfSeconds, "file", joined.sink());
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.finish();
  EXPECT_EQ(joined.recordings.size(), 2u);
}

TEST(FrameJoiner, AGapPartsARecording) {
  Joined joined;
  FrameJoiner joiner(kHalfSeconds, "file", joined.sink());
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.add("a", 1e9, 1e9 + 2, frames(4, 4));  // memory does not follow
  joiner.finish();
  ASSERT_EQ(joined.recordings.size(), 2u);
  EXPECT_EQ(joined.recordings[1].start_s, 1e9);
  EXPECT_EQ(joined.recordings[1].end_s, 1e9 + 2);
  EXPECT_EQ(joined.recordings[1].scores.data, (std::vector<float>{4, 5, 6, 7}));
}

TEST(FrameJoiner, BringsStretchedFramesToTheGrid) {
  Joined joined;
  FrameJoiner joiner({0.5, kRate, true}, "file", joined.sink());
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.add("a", 2, 3, frames(4, 4));
  joiner.finish();
  ASSERT_EQ(joined.recordings.size(), 1u);
  EXPECT_EQ(joined.recordings[0].hop_s, 0.5);
  const auto& scores = joined.recordings[0].scores.data;
  ASSERT_EQ(scores.size(), 6u);
  EXPECT_EQ(scores[3], 3);
  EXPECT_GT(scores[4], 4);  // of frames 4 and 5
  EXPECT_LT(scores[4], 5);
}

TEST(FrameJoiner, ForgetsARecordingThatFailed) {
  Joined joined;
  FrameJoiner joiner(kHalfSeconds, "file", joined.sink());
  joiner.add("a", 0, 2, frames(4, 0));
  joiner.drop("b");
  joiner.add("c", 0, 2, frames(4, 0));
  joiner.drop("c");
  joiner.finish();
  ASSERT_EQ(joined.recordings.size(), 1u);
  EXPECT_EQ(joined.recordings[0].id, "a");
}

Fault fault(const FrameTiming& timing, double start_s, double end_s, std::size_t count) {
  try {
    FrameJoiner joiner(timing, "file", [](const RecordingFrames&) {});
    joiner.add("a", start_s, end_s, frames(count, 0));
    joiner.finish();
  } catch (const Error& error) {
    return error.fault();
  }
  return Fault::internal;
}

TEST(FrameJoiner, RefusesWhatCannotBe) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(fault(kHalfSeconds, 0, 2, 4), Fault::internal);  // nothing is wrong
  EXPECT_EQ(fault(kHalfSeconds, 0, 0, 0), Fault::internal);
  EXPECT_EQ(fault(kHalfSeconds, 0, 2.1, 4), Fault::data);
  EXPECT_EQ(fault(kHalfSeconds, 0, 1e12, 4), Fault::data);
  EXPECT_EQ(fault(kHalfSeconds, 1e300, 1e300, 4), Fault::data);
  EXPECT_EQ(fault(kHalfSeconds, 0, 1, 0), Fault::data);
  for (const double hop_s : {0.0, -0.5, 1e-6, 0.3 / kRate * 4, 1e300, kInfinity, -kInfinity}) {
    EXPECT_EQ(fault({hop_s, kRate, false}, 0, 1, 4), Fault::data) << hop_s;
  }
  EXPECT_EQ(fault({0.5, 0, false}, 0, 1, 4), Fault::data);
}

TEST(FrameJoiner, FramesMayShareTheSamplesUnevenly) {
  // 36 frames in 320,000 samples, ten hours of windows: the last ends where the recording does.
  const double hop_s = 10.0 / 36;
  RecordingFrames last;
  FrameJoiner joiner({.hop_s = hop_s, .sample_rate = 32000}, "file",
                     [&](const RecordingFrames& frames) { last = frames; });
  Matrix scores(36, 1);
  for (int window = 0; window < 3600; ++window) {
    std::fill(scores.data.begin(), scores.data.end(), static_cast<float>(window));
    joiner.add("long", window * 10.0, window * 10.0 + 10, scores);
  }
  joiner.finish();
  ASSERT_EQ(last.scores.rows, 3600U * 36);
  EXPECT_EQ(last.end_s, 36000);
  EXPECT_EQ(last.scores.row(3599 * 36)[0], 3599);
  EXPECT_EQ(last.scores.row(3599 * 36 - 1)[0], 3598);
}

}  // namespace
}  // namespace claptools
