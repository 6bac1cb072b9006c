#include "claptools/store/row_blocks.hpp"

#include <gmock/gmock.h>

#include <utility>

#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using ::testing::ElementsAre;
using testing::ExampleRows;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::TempDir;

std::vector<std::pair<std::size_t, std::size_t>> blocks_of(std::size_t rows, std::size_t block) {
  std::vector<std::pair<std::size_t, std::size_t>> blocks;
  visit_blocks(rows, block,
               [&](std::size_t first, std::size_t count) { blocks.emplace_back(first, count); });
  return blocks;
}

TEST(VisitBlocks, CoversAllRowsInOrder) {
  EXPECT_THAT(blocks_of(7, 3), ElementsAre(Pair(0, 3), Pair(3, 3), Pair(6, 1)));
  EXPECT_THAT(blocks_of(6, 3), ElementsAre(Pair(0, 3), Pair(3, 3)));
  EXPECT_THAT(blocks_of(2, 8), ElementsAre(Pair(0, 2)));
  EXPECT_THAT(blocks_of(0, 3), IsEmpty());
}

class VisitRowsTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kRows = 5000;  // more than one block

  VisitRowsTest() {
    EmbeddingWriter writer(folder_ / "a.h5", ExampleRows::header(2), false);
    writer.append(rows_.all());
    writer.commit();
  }

  ExampleRows rows_{kRows, 2};
  TempDir folder_;
};

TEST_F(VisitRowsTest, GivesAllRowsOnce) {
  const EmbeddingReader reader(folder_ / "a.h5");
  std::size_t seen = 0, blocks = 0;
  visit_rows(reader, false, [&](const EmbeddingRows& rows) {
    ++blocks;
    ASSERT_EQ(rows.embeddings.rows, rows.segments.size());
    ASSERT_EQ(rows.meta.size(), 2U);
    EXPECT_TRUE(rows.frame_counts.empty());
    for (std::size_t i = 0; i < rows.segments.size(); ++i, ++seen) {
      ASSERT_EQ(rows.segments[i], rows_.segments[seen]);
      EXPECT_EQ(rows.embeddings.row(i)[0], rows_.embeddings.row(seen)[0]);
      EXPECT_EQ(rows.meta[0][i], rows_.meta[0][seen]);
      EXPECT_EQ(rows.meta[1][i], rows_.meta[1][seen]);
    }
  });
  EXPECT_EQ(seen, kRows);
  EXPECT_GT(blocks, 1U);
}

TEST_F(VisitRowsTest, WithFramesOneAtATime) {
  const EmbeddingReader reader(folder_ / "a.h5");
  std::size_t seen = 0;
  std::vector<float> frames;
  visit_rows(reader, true, [&](const EmbeddingRows& rows) {
    ASSERT_EQ(rows.segments.size(), 1U);
    ASSERT_THAT(rows.frame_counts, ElementsAre(rows_.frame_counts[seen]));
    ASSERT_EQ(rows.frames.rows, rows_.frame_counts[seen]);
    frames.insert(frames.end(), rows.frames.data, rows.frames.data + rows.frames.rows * 2);
    ++seen;
  });
  EXPECT_EQ(seen, kRows);
  EXPECT_EQ(frames, rows_.frames.data);
}

TEST_F(VisitRowsTest, StopsBetweenBlocks) {
  const EmbeddingReader reader(folder_ / "a.h5");
  std::atomic<bool> stop = false;
  std::size_t seen = 0;
  visit_rows(
      reader, true,
      [&](const EmbeddingRows& rows) {
        seen += rows.segments.size();
        stop = seen == 3;
      },
      &stop);
  EXPECT_EQ(seen, 3U);
}

TEST_F(VisitRowsTest, AnHdf5FileIsRecognisedByItsFirstBytes) {
  EXPECT_TRUE(is_hdf5(folder_ / "a.h5"));
  EXPECT_TRUE(is_hdf5("-")) << "which cannot be looked into";
  testing::write_bytes(folder_ / "a.wav", "RIFF");
  EXPECT_FALSE(is_hdf5(folder_ / "a.wav"));
  EXPECT_FALSE(is_hdf5(folder_ / "none"));
}

}  // namespace
}  // namespace claptools
