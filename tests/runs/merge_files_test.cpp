#include "claptools/runs/merge_files.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;

constexpr std::size_t kDim = 8, kRows = 9;

class MergeFiles : public ::testing::Test {
 protected:
  EmbeddingHeader shard(int index, int count = 3) const {
    EmbeddingHeader header = ExampleRows::header(kDim);
    header.shard_index = index;
    header.shard_count = count;
    return header;
  }

  std::string write(const std::string& name, const EmbeddingHeader& header, std::size_t first,
                    std::size_t count, const std::vector<InputError>& errors = {}) {
    EmbeddingWriter writer(dir_ / name, header, true);
    writer.append(rows_.view(first, count));
    for (const InputError& error : errors) writer.append_error(error);
    writer.commit();
    return dir_ / name;
  }

  /// Three shards, 4, 0 and 5 rows.
  std::vector<std::string> shards() {
    return {write("0.h5", shard(0), 0, 4), write("1.h5", shard(1), 4, 0),
            write("2.h5", shard(2), 4, 5)};
  }

  bool merge(const std::vector<std::string>& files, bool refer = false) const {
    MergeOptions options{dir_ / "all.h5", true, refer, "test 1", "test", "2026-01-31T12:00:00Z"};
    return merge_files(files, options, false);
  }

  std::string refusal(const std::vector<std::string>& files, bool refer = false) const {
    try {
      merge(files, refer);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing refused";
  }

  void expect_all_rows() const {
    const EmbeddingReader all(dir_ / "all.h5");
    EXPECT_EQ(all.segments(), rows_.segments);
    EXPECT_EQ(all.embeddings(0, kRows).data, rows_.embeddings.data);
    EXPECT_EQ(all.meta(0), rows_.meta[0]);
    std::vector<float> frames;
    for (std::size_t row = 0; row < kRows; ++row) {
      const Matrix of_row = all.frames(row);
      frames.insert(frames.end(), of_row.data.begin(), of_row.data.end());
    }
    EXPECT_EQ(frames, rows_.frames.data);
  }

  testing::TempDir dir_;
  ExampleRows rows_{kRows, kDim};
};

TEST_F(MergeFiles, ShardsComeInTheirOrder) {
  const auto files = shards();
  for (const bool refer : {false, true}) {
    EXPECT_TRUE(merge({files[2], files[0], files[1]}, refer));
    expect_all_rows();
    const EmbeddingReader all(dir_ / "all.h5");
    EXPECT_EQ(all.header().shard_count, 0);
    EXPECT_EQ(all.header().tool, "test 1");
  }
}

TEST_F(MergeFiles, OtherFilesComeAsGivenAfterTheShards) {
  EmbeddingHeader plain = shard(0, 0);
  const auto last = write("last.h5", plain, 8, 1), middle = write("middle.h5", plain, 4, 4);
  EXPECT_TRUE(merge({middle, last, write("only.h5", shard(0, 1), 0, 4)}));
  expect_all_rows();
}

TEST_F(MergeFiles, AllShardsMustBeThereOnce) {
  const auto files = shards();
  EXPECT_EQ(refusal({files[0], files[2]}), "shard 1/3: is missing");
  EXPECT_EQ(refusal({files[2]}), "shard 0/3: is missing");
  EXPECT_EQ(refusal({files[0], files[1], files[2], files[1]}), files[1] + ": is given twice");
  const std::string copy = write("copy.h5", shard(1), 8, 0);
  EXPECT_EQ(refusal({files[0], files[1], copy, files[2]}),
            copy + ": is shard 1/3 as " + files[1] + " is");
}

TEST_F(MergeFiles, OfOneModelAndOptions) {
  auto files = shards();
  EmbeddingHeader other = shard(1);
  other.model_sha256 = "11ff";
  write("1.h5", other, 4, 0);
  EXPECT_EQ(refusal(files), files[1] + ": was made with another model than " + files[0]);
  other = shard(1);
  other.options = "window=3";
  write("1.h5", other, 4, 0);
  EXPECT_EQ(refusal(files), files[1] + ": was made with other options than " + files[0]);
}

TEST_F(MergeFiles, FailuresThatWereRepairedAreLeftOut) {
  const InputError kept{"bad.wav", "decode", "first"}, again{"bad.wav", "decode", "second"},
      repaired{rows_.segments[7].id, "decode", "cut off"}, listed{"clips", "list", "no such file"};
  const auto first = write("0.h5", shard(0, 0), 0, 7, {kept, repaired, listed});
  const auto second = write("1.h5", shard(0, 0), 7, 2, {again});
  EXPECT_TRUE(merge({first, second}));
  expect_all_rows();
  EXPECT_EQ(EmbeddingReader(dir_ / "all.h5").errors(), std::vector<InputError>{again});
}

TEST_F(MergeFiles, ColumnsAreThoseOfAnyFile) {
  EmbeddingHeader bare = shard(0, 0);
  bare.meta_columns = {};
  {
    EmbeddingWriter writer(dir_ / "bare.h5", bare, true);
    EmbeddingRows rows = rows_.view(0, 4);
    rows.meta = {};
    writer.append(rows);
    writer.commit();
  }
  EXPECT_TRUE(merge({dir_ / "bare.h5", write("1.h5", shard(0, 0), 4, 5)}));
  const EmbeddingReader all(dir_ / "all.h5");
  EXPECT_EQ(all.header().meta_columns, rows_.header(kDim).meta_columns);
  EXPECT_EQ(all.meta(0)[3], "");
  EXPECT_EQ(all.meta(0)[4], rows_.meta[0][4]);
}

TEST_F(MergeFiles, DoesNotReferToItself) {
  const auto files = shards();
  EXPECT_TRUE(merge(files));
  const std::string output = dir_ / "all.h5";
  EXPECT_EQ(refusal({output}, true), output + ": is one of the files it would refer to");
}

TEST_F(MergeFiles, StoppedOrOfNothingMakesNothing) {
  EXPECT_FALSE(merge_files(shards(), {dir_ / "all.h5", false, false, "", "", ""}, true));
  EXPECT_EQ(refusal({}), "files: there are none to join");
  EXPECT_FALSE(std::filesystem::exists(dir_ / "all.h5"));
}

}  // namespace
}  // namespace claptools
