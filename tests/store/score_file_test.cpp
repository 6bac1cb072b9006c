#include "claptools/store/scores/score_file.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/row_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using testing::ExampleRows;
using testing::read_bytes;
using testing::store_data;
using testing::TempDir;

Scores example_scores() {
  Scores scores;
  scores.ids = {"a.wav", "b.wav", "c\xff.wav"};
  scores.classes = {"dog", "rain"};
  scores.prompts = {"a dog can be heard", "rain can be heard"};
  scores.scores = Matrix(3, 2);
  scores.scores.data = {0.9F, -0.1F, 0, 0.25F, 1e-20F, -1};
  scores.meta_columns = {"label"};
  scores.meta = {{"dog", "rain", ""}};
  scores.model_name = "tiny";
  scores.model_sha256 = "00ff";
  scores.tool = "clap-classify 0.1.0";
  scores.command = "clap-classify";
  scores.created = "2026-01-31T12:00:00Z";
  return scores;
}

void expect_same(const Scores& a, const Scores& b) {
  const auto parts = [](const Scores& s) {
    return std::tie(s.ids, s.classes, s.prompts, s.scores.data, s.scores.rows, s.scores.cols,
                    s.offsets, s.hop_s, s.meta_columns, s.meta, s.model_name, s.model_sha256,
                    s.tool, s.command, s.created);
  };
  EXPECT_EQ(parts(a), parts(b));
}

TEST(ScoreFile, ReturnsWhatWasWritten) {
  const TempDir folder;
  write_scores(folder / "s.h5", example_scores(), false);
  expect_same(read_scores(folder / "s.h5"), example_scores());
  write_scores(folder / "again.h5", example_scores(), false);
  EXPECT_TRUE(read_bytes(folder / "s.h5") == read_bytes(folder / "again.h5"));
  EXPECT_THROW(write_scores(folder / "s.h5", example_scores(), false), Error);
  EXPECT_NO_THROW(write_scores(folder / "s.h5", example_scores(), true));
}

TEST(ScoreFile, ReturnsFrameScores) {
  const TempDir folder;
  Scores scores = example_scores();
  scores.prompts.clear();
  scores.scores = Matrix(5, 2);
  scores.offsets = {0, 3, 3, 5};
  scores.hop_s = 0.3125;
  write_scores(folder / "s.h5", scores, false);
  expect_same(read_scores(folder / "s.h5"), scores);
  scores.scores.data[6] = std::numeric_limits<float>::quiet_NaN();  // frame 3 is the third file's
  write_scores(folder / "s.h5", scores, true);
  try {
    read_scores(folder / "s.h5");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), "the score of 'c\xff.wav' for 'dog' is not finite");
  }
}

/// Columns that come late, before and after rows were written, are empty in the rows before.
TEST(ScoreWriter, TakesMetaColumnsAtAnyTime) {
  const TempDir folder;
  constexpr std::size_t kRows = 10000;
  const std::map<std::size_t, std::string> columns{{0, "a"}, {5, "b"}, {9000, "c"}, {kRows, "d"}};
  ScoreWriter writer(folder / "s.h5", {example_scores(), {"dog", "rain"}, 0}, false);
  for (std::size_t i = 0; i <= kRows; ++i) {
    if (columns.contains(i)) writer.column(columns.at(i));
    if (i == kRows) break;
    const std::vector<std::string> meta(writer.columns(), std::to_string(i));
    const std::array<float, 2> row{static_cast<float>(i), -1};
    writer.append("clip " + std::to_string(i), {row.data(), 1, 2}, meta);
  }
  EXPECT_EQ(writer.column("b"), 1u);
  writer.commit();
  const Scores scores = read_scores(folder / "s.h5");
  ASSERT_THAT(scores.meta_columns, ElementsAre("a", "b", "c", "d"));
  std::size_t c = 0;
  for (const auto& [since, name] : columns) {
    for (std::size_t i = 0; i < kRows; ++i) {
      ASSERT_EQ(scores.meta[c][i], i < since ? "" : std::to_string(i)) << name << i;
    }
    ++c;
  }
  for (std::size_t i = 0; i < kRows; ++i) {
    ASSERT_EQ(scores.ids[i], "clip " + std::to_string(i));
    ASSERT_EQ(scores.scores.row(i)[0], static_cast<float>(i));
  }
}

TEST(ScoreWriter, RefusesWhatDoesNotFit) {
  const TempDir folder;
  const ScoreHeader header{example_scores(), {"dog", "rain"}, 0};
  {
    ScoreWriter writer(folder / "s.h5", header, false);
    const Matrix two(2, 2), narrow(1, 1), row(1, 2);
    EXPECT_THROW(writer.append("a", two, {}), Error);  // no frames were announced
    EXPECT_THROW(writer.append("a", narrow, {}), Error);
    EXPECT_THROW(writer.append("a", row, std::vector<std::string>{"x"}), Error);
    EXPECT_THROW(writer.append(std::string("a\0b", 3), row, {}), Error);
    EXPECT_THROW(writer.column("a/b"), Error);
    writer.append("a", row, {});
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));  // nothing was committed
  EXPECT_THROW(ScoreWriter(folder / "s.h5", {{}, {}, 0}, false), Error);
  EXPECT_THROW(ScoreWriter(folder / "s.h5", {example_scores(), {"dog"}, 0}, false), Error);
}

#ifndef __SANITIZE_ADDRESS__
/// 80 MB of scores of clips, then of frames, through a writer that holds a chunk.
TEST(ScoreWriter, MemoryDoesNotGrowWithTheRows) {
  const auto peak_kib = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const TempDir folder;
  ScoreHeader header{{}, std::vector<std::string>(100), 0};
  const auto write = [&](std::size_t rows, std::size_t lines) {
    ScoreWriter writer(folder / "s.h5", header, true);
    writer.column("label");
    const Matrix scores(lines, 100);
    for (std::size_t i = 0; i < rows; ++i) {
      writer.append("folder/clip_" + std::to_string(i) + ".wav", scores,
                    std::vector<std::string>{"some label"});
    }
    writer.commit();
  };
  write(10'000, 1);
  const auto before = peak_kib();
  write(200'000, 1);
  header.hop_s = 0.3125;
  write(6250, 32);
  EXPECT_LT(peak_kib() - before, 16 << 10);
}
#endif

TEST(ScoreFile, RefusesPartsThatDoNotFit) {
  const TempDir folder;
  Scores scores = example_scores();
  scores.ids.pop_back();
  EXPECT_THROW(write_scores(folder / "s.h5", scores, false), Error);
  scores = example_scores();
  scores.meta[0].pop_back();
  EXPECT_THROW(write_scores(folder / "s.h5", scores, false), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ScoreFile, ReadsWhatH5pyWrote) {
  const Scores scores = read_scores(store_data("h5py_scores.h5"));
  EXPECT_THAT(scores.ids, ElementsAre("a", "b", "c"));
  EXPECT_THAT(scores.classes, ElementsAre("dog", "rain"));
  EXPECT_THAT(scores.scores.data, ElementsAre(0, 0.125F, 0.25F, 0.375F, 0.5F, 0.625F));
  EXPECT_EQ(scores.model_name, "");
}

TEST(ScoreFile, ReadsTheMetricGoldens) {
  const std::string folder = std::string(CLAPTOOLS_SHARED) + "/metrics/cls";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no metric goldens at " << folder;
  const Scores scores = read_scores(folder + "/esc_like/scores.h5");
  EXPECT_EQ(scores.ids.size(), 400U);
  EXPECT_EQ(scores.classes.size(), 50U);
  EXPECT_EQ(scores.scores.data.size(), 20000U);
  for (const char* name : {"one_clip", "three_classes", "ties_and_absent_classes", "us8k_like"}) {
    EXPECT_NO_THROW(read_scores(folder + "/" + name + "/scores.h5")) << name;
  }
}

TEST(RowFile, ReturnsWhatWasWritten) {
  const TempDir folder;
  const ExampleRows example(5000, 4);
  IndexRows rows;
  rows.header = ExampleRows::header(4);
  rows.header.frame_hop_s = 0;
  rows.segments = example.segments;
  rows.meta = example.meta;
  rows.vectors = {600000, {1, 2, ~std::uint64_t{0}}};
  write_index_rows(folder / "rows.h5", rows);
  const IndexRows read = read_index_rows(folder / "rows.h5");
  EXPECT_EQ(read.segments, rows.segments);
  EXPECT_EQ(read.meta, rows.meta);
  EXPECT_EQ(read.vectors, rows.vectors);
  EXPECT_EQ(read.header.meta_columns, rows.header.meta_columns);
  EXPECT_EQ(read.header.model_sha256, "00ff");
  EXPECT_EQ(read.header.dim, 4U);
  EXPECT_EQ(read.header.window_s, 10);
  EXPECT_THROW(write_index_rows(folder / "rows.h5", rows), Error);
}

}  // namespace
}  // namespace claptools
