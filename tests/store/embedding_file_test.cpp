#include "claptools/store/embedding_file.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "claptools/core/error.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/hdf5_output.hpp"
#include "claptools/store/verify_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;
using testing::read_bytes;
using testing::store_data;
using testing::TempDir;

/// Files of a folder, hidden ones too.
std::vector<std::string> names_in(const TempDir& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename());
  }
  return names;
}

void write_in_groups(const std::string& path, const EmbeddingHeader& header, ExampleRows& rows,
                     std::size_t group) {
  EmbeddingWriter writer(path, header, true);
  writer.append_error({"bad.wav", "open", "no audio stream"});
  for (std::size_t i = 0; i < rows.segments.size(); i += group) {
    writer.append(rows.view(i, std::min(group, rows.segments.size() - i)));
    if (i == 0) writer.append_error({"bad\xff.wav", "decode", ""});
  }
  writer.commit();
}

void expect_same_header(const EmbeddingHeader& a, const EmbeddingHeader& b) {
  const auto parts = [](const EmbeddingHeader& h) {
    return std::tie(h.kind, h.dim, h.model_name, h.model_sha256, h.tool, h.command, h.created,
                    h.space, h.sample_rate, h.window_s, h.hop_s, h.short_audio, h.precision,
                    h.shard_index, h.shard_count, h.half, h.frame_hop_s, h.meta_columns);
  };
  EXPECT_EQ(parts(a), parts(b));
}

TEST(EmbeddingFile, ReturnsWhatWasWritten) {
  const TempDir folder;
  ExampleRows rows(700, 1024);  // more than two chunks of 256 rows
  const EmbeddingHeader header = ExampleRows::header(1024);
  write_in_groups(folder / "a.h5", header, rows, 50);

  const EmbeddingReader reader(folder / "a.h5");
  expect_same_header(reader.header(), header);
  EXPECT_EQ(reader.rows(), 700U);
  EXPECT_EQ(reader.segments(), rows.segments);
  EXPECT_EQ(reader.meta(0), rows.meta[0]);
  EXPECT_EQ(reader.meta(1), rows.meta[1]);
  EXPECT_EQ(reader.embeddings(0, 700).data, rows.embeddings.data);
  const auto last = rows.embeddings.view().slice(690, 10);
  EXPECT_EQ(reader.embeddings(690, 10).data, std::vector<float>(last.data, last.data + 10240));
  EXPECT_EQ(reader.frames(0).rows, 0U);
  EXPECT_EQ(reader.frames(2).data,
            std::vector<float>(rows.frames.data.begin() + 1024, rows.frames.data.begin() + 3072));
  const std::vector<InputError> errors{{"bad.wav", "open", "no audio stream"},
                                       {"bad\xff.wav", "decode", ""}};
  EXPECT_EQ(reader.errors(), errors);
  EXPECT_THAT(names_in(folder), ::testing::ElementsAre("a.h5"));
}

TEST(EmbeddingFile, BytesDoNotDependOnGrouping) {
  const TempDir folder;
  for (const bool half : {false, true}) {
    ExampleRows rows(1100, 512);
    EmbeddingHeader header = ExampleRows::header(512);
    header.half = half;
    write_in_groups(folder / "all.h5", header, rows, 1100);
    const std::string bytes = read_bytes(folder / "all.h5");
    for (const std::size_t group : {1, 7, 512, 513}) {
      write_in_groups(folder / "groups.h5", header, rows, group);
      EXPECT_TRUE(read_bytes(folder / "groups.h5") == bytes) << group << " rows at a time";
    }
  }
}

/// What a stream of 700 rows names on its way: "late" first has a value in row 300, after the
/// first chunk, "early" in row 2, "never" in none.
std::string write_with_columns(const std::string& path, std::size_t group) {
  ExampleRows rows(700, 1024);
  std::vector<std::string> early(700), late(700);
  for (std::size_t i = 2; i < 700; ++i) early[i] = "e" + std::to_string(i);
  for (std::size_t i = 300; i < 700; i += 2) late[i] = "l" + std::to_string(i);
  rows.meta.insert(rows.meta.end(), {early, std::vector<std::string>(700), late});
  EmbeddingWriter writer(path, ExampleRows::header(1024), true);
  for (std::size_t i = 0; i < 700; i += group) {
    writer.name_columns({"label", "key", "early", "never", "late"});
    EmbeddingRows some = rows.view(i, std::min(group, 700 - i));
    // A row knows no column that is named after it.
    if (i + group <= 300) some.meta = some.meta.first(i + group <= 2 ? 2 : 3);
    writer.append(some);
  }
  writer.commit();
  return read_bytes(path);
}

TEST(EmbeddingFile, ColumnsAppearWithTheirFirstValue) {
  const TempDir folder;
  const std::string one_by_one = write_with_columns(folder / "a.h5", 1);
  EXPECT_TRUE(write_with_columns(folder / "b.h5", 700) == one_by_one);
  EXPECT_TRUE(write_with_columns(folder / "c.h5", 50) == one_by_one);
  const EmbeddingReader reader(folder / "a.h5");
  std::map<std::string, std::vector<std::string>> values;
  const auto& columns = reader.header().meta_columns;
  for (std::size_t c = 0; c < columns.size(); ++c) values[columns[c]] = reader.meta(c);
  EXPECT_EQ(values["label"], ExampleRows(700, 1).meta[0]);
  EXPECT_EQ(values["early"][1] + values["early"][2] + values["early"][699], "e2e699");
  EXPECT_EQ(values["late"][299] + values["late"][300] + values["late"][301], "l300");
  EXPECT_EQ(values["late"].size(), 700U);
  EXPECT_EQ(verify_embedding_file(folder / "a.h5"), std::vector<std::string>());
}

TEST(EmbeddingFile, ManyErrorsComeBackInOrder) {
  const TempDir folder;
  ExampleRows rows(10, 8);
  std::vector<InputError> errors;
  EmbeddingWriter writer(folder / "a.h5", ExampleRows::header(8), false);
  for (std::size_t i = 0; i < 10000; ++i) {
    errors.push_back({"clip " + std::to_string(i), i % 2 == 0 ? "open" : "decode", "no sound"});
    writer.append_error(errors.back());
    if (i % 1000 == 0) writer.append(rows.view(i / 1000, 1));
  }
  writer.commit();
  const EmbeddingReader reader(folder / "a.h5");
  EXPECT_EQ(reader.errors(), errors);
  EXPECT_EQ(reader.rows(), 10U);
  EXPECT_THAT(verify_embedding_file(folder / "a.h5"), ::testing::IsEmpty());
}

TEST(EmbeddingFile, SmallFilesStaySmall) {
  const TempDir folder;
  ExampleRows rows(1, 1024);
  write_in_groups(folder / "one.h5", ExampleRows::header(1024), rows, 1);
  EXPECT_LT(std::filesystem::file_size(folder / "one.h5"), 48U << 10);
}

TEST(EmbeddingFile, EmptyFileHasEveryDataset) {
  const TempDir folder;
  ExampleRows rows(0, 8);
  EmbeddingWriter(folder / "empty.h5", ExampleRows::header(8), false).commit();
  const EmbeddingReader reader(folder / "empty.h5");
  EXPECT_EQ(reader.rows(), 0U);
  EXPECT_EQ(reader.embeddings(0, 0).data.size(), 0U);
  EXPECT_EQ(reader.header().meta_columns.size(), 2U);
  EXPECT_EQ(reader.header().frame_hop_s, 0.3125);
  EXPECT_TRUE(reader.errors().empty());
}

TEST(EmbeddingFile, TextRowsHaveNoTimes) {
  const TempDir folder;
  EmbeddingHeader header;
  header.kind = "text";
  header.dim = 2;
  const std::vector<Segment> texts{
      {"a dog barks", 0, 0}, {"", 0, 0}, {"\xff\xfe bytes kept", 0, 0}};
  const std::vector<float> values{1, 0, 0, 1, 0.6F, 0.8F};
  EmbeddingWriter writer(folder / "t.h5", header, false);
  writer.append({texts, {values.data(), 3, 2}, {}, {}, {}});
  writer.commit();
  const EmbeddingReader reader(folder / "t.h5");
  EXPECT_EQ(reader.segments(), texts);
  EXPECT_EQ(reader.header().kind, "text");
  EXPECT_THROW(reader.frames(0), Error);
}

TEST(EmbeddingFile, LongTextsSurvive) {
  const TempDir folder;
  EmbeddingHeader header = ExampleRows::header(4);
  header.command = std::string(200000, 'c');  // past the limit of a fixed-length attribute
  ExampleRows rows(3, 4);
  rows.segments[1].id = std::string(70000, 'i');
  write_in_groups(folder / "long.h5", header, rows, 3);
  const EmbeddingReader reader(folder / "long.h5");
  EXPECT_EQ(reader.header().command, header.command);
  EXPECT_EQ(reader.segments(), rows.segments);
}

/// Below the reader of embeddings, which takes no such values: all there are.
TEST(EmbeddingFile, HalfPrecisionRoundsAsNumpy) {
  const hdf5::Input golden(store_data("h5py_half.h5"));
  const hdf5::Column rounded = golden.column("embeddings");
  ASSERT_TRUE(rounded.is_half());
  const TempDir folder;
  hdf5::Output output(folder / "half.h5", false);
  const auto values = golden.column("frames/embeddings").floats(0, rounded.rows());
  output.dataset("embeddings", hdf5::Type::float16, 8, 16).append(values);
  output.commit();
  const hdf5::Input ours(folder / "half.h5");
  EXPECT_TRUE(ours.column("embeddings").is_half());
  const auto a = ours.column("embeddings").floats(0, rounded.rows());
  const auto b = rounded.floats(0, rounded.rows());
  ASSERT_EQ(a.size(), 1024U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i], b[i]) << i;
    EXPECT_EQ(std::signbit(a[i]), std::signbit(b[i])) << i;
  }
}

TEST(EmbeddingFile, ReadsWhatH5pyWrote) {
  const EmbeddingReader reader(store_data("h5py_audio.h5"));
  EXPECT_EQ(reader.header().model_name, "tiny");
  EXPECT_EQ(reader.header().sample_rate, 32000);
  EXPECT_EQ(reader.header().window_s, 10);
  EXPECT_EQ(reader.header().short_audio, "zero");
  EXPECT_FALSE(reader.header().half);
  const std::vector<Segment> segments{
      {"a.wav", 0, 10}, {"b/ü.flac", 0, 2.5}, {"shard.tar/c.ogg", 5, 12.25}};
  EXPECT_EQ(reader.segments(), segments);
  EXPECT_THAT(reader.header().meta_columns, ::testing::ElementsAre("fold", "label"));
  EXPECT_THAT(reader.meta(0), ::testing::ElementsAre("1", "2", "3"));
  EXPECT_THAT(reader.meta(1), ::testing::ElementsAre("dog", "", "rain"));
  EXPECT_THAT(reader.embeddings(1, 2).data,
              ::testing::ElementsAre(0.6F, 0.8F, 0, 0, 0.5F, -0.5F, 0.5F, -0.5F));
  EXPECT_EQ(reader.frames(1).rows, 0U);
  EXPECT_THAT(reader.frames(2).data, ::testing::ElementsAre(0.5F, -0.5F, 0.5F, -0.5F, 1, 0, 0, 0));
  const std::vector<InputError> errors{{"x.wav", "decode", "no audio stream"}};
  EXPECT_EQ(reader.errors(), errors);
}

TEST(EmbeddingFile, KeepsAnExistingFileUntilCommit) {
  const TempDir folder;
  const std::string path = folder / "a.h5";
  EmbeddingWriter(path, ExampleRows::header(4), false).commit();
  const std::string old = read_bytes(path);
  try {
    EmbeddingWriter writer(path, ExampleRows::header(4), false);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::cannot_create);
    EXPECT_EQ(error.what(), path + ": exists; use `overwrite`");
  }
  ExampleRows rows(3, 4);
  {
    EmbeddingWriter abandoned(path, ExampleRows::header(4), true);
    abandoned.append(rows.all());
    EXPECT_EQ(names_in(folder).size(), 3U);  // with the new one and the lock
  }
  EXPECT_THAT(names_in(folder), ::testing::ElementsAre("a.h5"));
  EXPECT_EQ(read_bytes(path), old);

  {
    EmbeddingWriter first(path, ExampleRows::header(4), true);
    EmbeddingWriter second(path, ExampleRows::header(4), true);
    first.commit();
    second.commit();
  }
  EXPECT_THAT(names_in(folder), ::testing::ElementsAre("a.h5"));
  EXPECT_EQ(EmbeddingReader(path).rows(), 0U);
}

TEST(EmbeddingFile, DoesNotReplaceAFileThatAppearedMeanwhile) {
  const TempDir folder;
  EmbeddingWriter writer(folder / "a.h5", ExampleRows::header(4), false);
  testing::write_bytes(folder / "a.h5", "other");
  EXPECT_THROW(writer.commit(), Error);
  EXPECT_EQ(read_bytes(folder / "a.h5"), "other");
}

TEST(EmbeddingFile, FollowsASymbolicLink) {
  const TempDir folder;
  testing::write_bytes(folder / "real.h5", "");
  std::filesystem::create_symlink("real.h5", folder / "link.h5");
  EmbeddingWriter(folder / "link.h5", ExampleRows::header(4), true).commit();
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.h5"));
  EXPECT_EQ(EmbeddingReader(folder / "real.h5").rows(), 0U);
}

TEST(EmbeddingFile, RefusesRowsThatDoNotFit) {
  const TempDir folder;
  ExampleRows rows(4, 4);
  EmbeddingHeader header = ExampleRows::header(4);
  EmbeddingWriter writer(folder / "a.h5", header, false);
  EmbeddingRows wrong = rows.all();
  wrong.embeddings.rows = 3;
  EXPECT_THROW(writer.append(wrong), Error);
  wrong = rows.all();
  wrong.embeddings.cols = 2;
  EXPECT_THROW(writer.append(wrong), Error);
  wrong = rows.all();
  wrong.meta = wrong.meta.first(1);
  EXPECT_THROW(writer.append(wrong), Error);
  wrong = rows.all();
  wrong.frame_counts = wrong.frame_counts.first(2);
  EXPECT_THROW(writer.append(wrong), Error);
  wrong = rows.all();
  wrong.frames.rows -= 1;
  EXPECT_THROW(writer.append(wrong), Error);
  writer.append(rows.all());
  writer.commit();
  EXPECT_EQ(EmbeddingReader(folder / "a.h5").rows(), 4U);
}

}  // namespace
}  // namespace claptools
