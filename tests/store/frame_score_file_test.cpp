#include "claptools/store/scores/frame_score_file.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "claptools/core/error.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::store_data;
using testing::TempDir;

std::string frames_file(const std::string& name) { return store_data("frames/" + name + ".h5"); }

/// [first, first + count) of the values that make_frame_scores.py writes.
std::vector<float> values(std::size_t first, std::size_t count) {
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = (static_cast<float>(first + i) - 12) / 8;
  return out;
}

TEST(FrameScores, FramesOfEqualLength) {
  FrameScoreReader reader(frames_file("equal"));
  EXPECT_THAT(reader.ids(), ElementsAre("a.1", "b", "ü"));
  EXPECT_THAT(reader.classes(), ElementsAre("dog", "rain"));
  EXPECT_THAT(reader.boundaries(1), ElementsAre(0, 2.5, 5, 7.5, 10));
  for (const std::size_t clip : {2U, 0U, 1U}) {
    const Matrix scores = reader.scores(clip);
    EXPECT_EQ(scores.rows, 4U);
    EXPECT_EQ(scores.cols, 2U);
    EXPECT_EQ(scores.data, values(8 * clip, 8));
  }
}

TEST(FrameScores, PaddingIsNotLookedAt) {
  FrameScoreReader reader(frames_file("padded"));
  EXPECT_EQ(reader.scores(0).data, values(0, 8));
  EXPECT_EQ(reader.scores(1).data, values(8, 6));
  EXPECT_EQ(reader.scores(2).data, values(16, 2));
  EXPECT_THAT(reader.boundaries(0), ElementsAre(0, 0.5, 1.25, 2, 4));
  EXPECT_THAT(reader.boundaries(1), ElementsAre(0, 0.5, 1.25, 2));
  EXPECT_THAT(reader.boundaries(2), ElementsAre(0, 0.5));
}

TEST(FrameScores, OneClassWithoutName) {
  FrameScoreReader reader(frames_file("grounding"));
  EXPECT_THAT(reader.classes(), IsEmpty());
  const Matrix scores = reader.scores(1);
  EXPECT_EQ(scores.cols, 1U);
  EXPECT_THAT(scores.data, ElementsAre(-0.5F, -0.25F, 0, 0.25F));
}

/// The product comes first: 3 * 10 / 156 is not 3 * (10 / 156).
TEST(FrameScores, BoundariesAreTheGoldens) {
  const std::string file = std::string(CLAPTOOLS_SHARED) + "/metrics/sed/fine_frames/scores.h5";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no metric goldens";
  FrameScoreReader reader(file);
  const auto times = reader.boundaries(0);
  ASSERT_EQ(times.size(), 157U);
  for (std::size_t i = 0; i < times.size(); ++i) {
    EXPECT_EQ(times[i], static_cast<double>(i) * 10.0 / 156.0);
  }
  for (std::size_t clip = 0; clip < reader.ids().size(); ++clip) {
    EXPECT_EQ(reader.scores(clip).data.size(), 1560U);
  }
}

/// Our own layout, larger than the block that is read at once: clips of 0 to 4000 frames.
TEST(FrameScores, OurOwnFiles) {
  const TempDir folder;
  Scores written;
  written.offsets = {0};
  written.hop_s = 0.3125;
  for (std::size_t i = 0; i < 300; ++i) {
    written.ids.push_back("clip " + std::to_string(i));
    written.offsets.push_back(written.offsets.back() + i * 7919 % 4001);
  }
  for (std::size_t c = 0; c < 10; ++c) written.classes.push_back("class " + std::to_string(c));
  written.scores = Matrix(written.offsets.back(), 10);
  std::iota(written.scores.data.begin(), written.scores.data.end(), 0.0F);
  ASSERT_GT(written.scores.data.size() * sizeof(float), std::size_t{16} << 20);
  write_scores(folder / "s.h5", written, false);
  FrameScoreReader reader(folder / "s.h5");
  EXPECT_EQ(reader.ids(), written.ids);
  for (std::size_t clip = 0; clip < written.ids.size(); ++clip) {
    const Matrix scores = reader.scores(clip);
    ASSERT_EQ(scores.rows, written.offsets[clip + 1] - written.offsets[clip]);
    const auto* first = written.scores.data.data() + written.offsets[clip] * 10;
    ASSERT_TRUE(std::equal(scores.data.begin(), scores.data.end(), first)) << clip;
  }
  EXPECT_EQ(reader.frames(0), 0U);
  EXPECT_THAT(reader.boundaries(0), ElementsAre(0));
  EXPECT_EQ(reader.boundaries(1)[3], 3 * 0.3125);
}

/// The reason why a file is refused.
std::string refusal(const std::string& path) {
  try {
    FrameScoreReader reader(path);
    for (std::size_t clip = 0; clip < reader.ids().size(); ++clip) reader.scores(clip);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::data);
    EXPECT_EQ(error.subject(), path);
    return error.reason();
  }
  return "nothing refused";
}

struct Refused {
  const char* name;
  const char* reason;
};

class RefusedFrames : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedFrames, NamesFileAndReason) {
  EXPECT_EQ(refusal(frames_file(GetParam().name)), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    H5py, RefusedFrames,
    ::testing::Values(
        Refused{"nan", "the score of 'ü' for 'rain' in frame 1 is not finite"},
        Refused{"inf", "the score of 'b' for 'dog' in frame 3 is not finite"},
        Refused{"grounding_nan", "the score of 'b' in frame 3 is not finite"},
        Refused{"nan_within", "the score of 'b' for 'dog' in frame 3 is not finite"},
        Refused{"no_scores", "has no dataset 'scores'"},  //
        Refused{"no_clip", "has no clip"},                //
        Refused{"no_frame", "has no frame"}, Refused{"double_id", "duplicate id 'a'"},
        Refused{"double_class", "duplicate class 'dog'"},
        Refused{"few_ids", "has scores of 3 clips, but 2 ids"},
        Refused{"few_classes", "has scores of 2 classes, but 1 class names"},
        Refused{"no_classes", "has scores of 2 classes, but 0 class names"},
        Refused{"flat", "dataset 'scores' has rank 2, not 3: [clip, frame, class]"},
        Refused{"no_times",
                "has neither 'clip_seconds' nor 'frame_times'; one of them must be there"},
        Refused{"two_times",
                "has both 'clip_seconds' and 'frame_times'; only one of them may be there"},
        Refused{"short_times", "dataset 'frame_times' has 4 rows, not 5"},
        Refused{"falling_times", "dataset 'frame_times' does not rise from frame to frame"},
        Refused{"equal_times", "dataset 'frame_times' does not rise from frame to frame"},
        Refused{"nan_times", "dataset 'frame_times' does not rise from frame to frame"},
        Refused{"zero_seconds", "dataset 'clip_seconds' is not one positive number"},
        Refused{"two_seconds", "dataset 'clip_seconds' is not one positive number"},
        Refused{"text_seconds", "dataset 'clip_seconds' does not hold floating-point numbers"},
        Refused{"many_frames", "n_frames of 'b' is not between 1 and 4"},
        Refused{"negative_frames", "n_frames of 'ü' is not between 1 and 4"},
        Refused{"few_frame_counts", "dataset 'n_frames' has 2 rows, not 3"},
        Refused{"no_hop", "has frame scores, but no positive attribute 'hop_s'"},
        Refused{"embeddings", "a clap-embeddings file, not clap-scores"}),
    [](const auto& param) { return std::string(param.param.name); });

/// The cases of the metric goldens whose fault lies in the score file.
TEST(RefusedFrameGoldens, AreNamed) {
  const std::string folder = std::string(CLAPTOOLS_SHARED) + "/metrics/bad/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no metric goldens";
  const std::vector<std::pair<const char*, const char*>> cases{
      {"score_nan", "Y0002_13.000"},
      {"score_plus_inf", "Y0002_13.000"},
      {"score_minus_inf", "Y0002_13.000"},
      {"duplicate_clip_id", "Y0000_455.000"},
      {"class_count_mismatch", "3 classes, but 2"},
      {"frame_times_not_increasing", "frame_times"},
      {"frame_times_wrong_length", "frame_times"},
      {"not_hdf5", "not an HDF5 file"},
      {"truncated_hdf5", "cut off"},
      {"no_scores_dataset", "scores"},
      {"no_clips", "clip"}};
  for (const auto& [name, word] : cases) {
    EXPECT_THAT(refusal(folder + name + "/scores.h5"), HasSubstr(word)) << name;
  }
  std::size_t good = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "../sed")) {
    EXPECT_EQ(refusal(entry.path() / "scores.h5"), "nothing refused") << entry.path();
    ++good;
  }
  EXPECT_GE(good, 10U);
}

}  // namespace
}  // namespace claptools
