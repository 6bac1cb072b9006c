#include <gmock/gmock.h>
#include <sys/stat.h>

#include <functional>

#include "claptools/core/error.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/hdf5/row_file.hpp"
#include "claptools/store/scores/score_file.hpp"
#include "store/example_rows.hpp"
#include "support/temp_dir.hpp"

namespace claptools {
namespace {

using testing::ExampleRows;
using testing::read_bytes;
using testing::store_data;
using testing::TempDir;
using testing::write_bytes;

struct Failure {
  Fault fault{};
  std::string subject, reason;
};

Failure failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.fault(), error.subject(), error.reason()};
  }
  return {Fault{}, "", "nothing refused"};
}

/// Reads all there is to read.
void read_all(const std::string& path) {
  const EmbeddingReader reader(path);
  reader.embeddings(0, reader.rows());
  if (reader.header().frame_hop_s > 0) reader.frames(0);
  reader.errors();
}

struct Refused {
  const char* name;
  const char* reason;
};

class RefusedEmbeddings : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedEmbeddings, NamesFileAndReason) {
  const std::string path = store_data(std::string("refused/") + GetParam().name + ".h5");
  const Failure failure = failure_of([&] { read_all(path); });
  EXPECT_EQ(failure.reason, GetParam().reason);
  EXPECT_EQ(failure.subject, path);
  EXPECT_EQ(failure.fault, Fault::data);
}

INSTANTIATE_TEST_SUITE_P(
    H5py, RefusedEmbeddings,
    ::testing::Values(
        Refused{"no_format", "not a clap-embeddings file: it has no attribute 'format'"},
        Refused{"other_format", "a clap-scores file, not clap-embeddings"},
        Refused{"no_version", "has no attribute 'format_version'"},
        Refused{"new_version", "format version 2 is not known, only 1"},
        Refused{"incomplete", "incomplete: the run that wrote it was interrupted"},
        Refused{"never_completed", "incomplete: the run that wrote it was interrupted"},
        Refused{"kind_unknown", "attribute 'kind' is 'video', not audio or text"},
        Refused{"dim_differs", "dataset 'embeddings' has 4 columns, but dim is 5"},
        Refused{"dim_negative", "attribute 'dim' is -4"},
        Refused{"dim_text", "attribute 'dim' is not an integer"},
        Refused{"version_list", "attribute 'format_version' is not a single value"},
        Refused{"window_nan", "attribute 'window_s' is not a number"},
        Refused{"format_number", "attribute 'format' is not a text"},
        Refused{"no_model", "has no attribute 'model_sha256'"},
        Refused{"rate_negative", "attribute 'sample_rate' is out of range"},
        Refused{"no_embeddings", "has no dataset 'embeddings'"},
        Refused{"embeddings_integer", "dataset 'embeddings' does not hold floating-point numbers"},
        Refused{"embeddings_flat", "dataset 'embeddings' has rank 1, not 2: [rows, dim]"},
        Refused{"embeddings_is_group", "dataset 'embeddings' is damaged or not a dataset"},
        Refused{"too_few_embeddings", "has 2 embeddings, but 3 ids"},
        Refused{"too_few_times", "dataset 'end_s' has 2 rows, not 3"},
        Refused{"time_nan", "start_s and end_s of 'b/ü.flac' are not a segment"},
        Refused{"time_backwards", "start_s and end_s of 'b/ü.flac' are not a segment"},
        Refused{"ids_numeric", "dataset 'id' does not hold text"},
        Refused{"meta_short", "dataset 'meta/label' has 1 rows, not 3"},
        Refused{"rows_claimed", "dataset 'embeddings' claims more than the file holds"},
        Refused{"ids_claimed", "dataset 'id' claims more than the file holds"},
        Refused{"huge_chunk", "dataset 'embeddings' has chunks above 1 GiB"},
        Refused{"external_link", "'id' is a link, not part of the file"},
        Refused{"soft_link", "'embeddings' is a link, not part of the file"},
        Refused{"linked_group", "'meta' is a link, not part of the file"},
        Refused{"virtual_dataset", "dataset 'embeddings' lies in other files"},
        Refused{"external_storage", "dataset 'embeddings' lies in other files"},
        Refused{"filter_lzf", "dataset 'embeddings' uses a filter other than gzip and shuffle"},
        Refused{"offsets_fall", "dataset 'frames/offsets' does not rise from 0 to 6"},
        Refused{"offsets_past_end", "dataset 'frames/offsets' does not rise from 0 to 6"},
        Refused{"offsets_short", "dataset 'frames/offsets' has 3 rows, not 4"},
        Refused{"frames_without_hop", "group 'frames' has no positive attribute 'hop_s'"},
        Refused{"frames_narrow", "dataset 'frames/embeddings' has 3 columns, but dim is 4"}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Refusal, IncompleteFileIsReadWhenAskedFor) {
  EXPECT_EQ(EmbeddingReader(store_data("refused/incomplete.h5"), true).rows(), 3U);
}

TEST(Refusal, NotFiniteEmbeddingNamesItsRow) {
  const TempDir folder;
  const std::string path = folder / "nan.h5";
  ExampleRows rows(5, 4);
  rows.embeddings.data[13] = std::numeric_limits<float>::quiet_NaN();
  rows.frames.data.back() = std::numeric_limits<float>::infinity();
  EmbeddingWriter writer(path, ExampleRows::header(4), false);
  writer.append(rows.all());
  writer.commit();
  const EmbeddingReader reader(path);
  EXPECT_EQ(reader.embeddings(0, 3).rows, 3U);
  const std::string reason = "the embedding of 'clips/3.wav' (row 3) is not finite";
  EXPECT_EQ(failure_of([&] { reader.embeddings(2, 3); }).reason, reason);
  EXPECT_THROW(reader.frames(4), Error);
  EXPECT_EQ(failure_of([&] { reader.embeddings(4, 2); }).fault, Fault::internal);
}

TEST(Refusal, WhatIsNoHdf5File) {
  const TempDir folder;
  const std::string path = folder / "file.h5";
  EXPECT_EQ(failure_of([&] { read_all(path); }).fault, Fault::no_input);
  EXPECT_EQ(failure_of([&] { read_all(path); }).reason, "No such file or directory");
  EXPECT_EQ(failure_of([&] { read_all(folder.path()); }).reason, "is not a file");
  const std::vector<std::string> others{"", "id\tlabel\n", std::string(5000, '\0')};
  for (const std::string& bytes : others) {
    write_bytes(path, bytes);
    const Failure failure = failure_of([&] { read_all(path); });
    EXPECT_EQ(failure.fault, Fault::data);
    EXPECT_EQ(failure.reason, "not an HDF5 file");
  }
}

TEST(Refusal, EveryCutIsNoticed) {
  const TempDir folder;
  const std::string path = folder / "whole.h5";
  ExampleRows rows(40, 64);
  EmbeddingWriter writer(path, ExampleRows::header(64), false);
  writer.append(rows.all());
  writer.commit();
  const std::string whole = read_bytes(path);
  for (std::size_t size = 1; size < whole.size(); size += 509) {
    write_bytes(folder / "cut.h5", whole.substr(0, size));
    const Failure failure = failure_of([&] { read_all(folder / "cut.h5"); });
    EXPECT_EQ(failure.fault, Fault::data) << size << " of " << whole.size();
  }
}

/// What is gone is no zeros, wherever a reader stands when somebody cuts the file off.
TEST(Refusal, FileCutOffWhileItIsRead) {
  const TempDir folder;
  const std::string path = folder / "a.h5";
  constexpr std::size_t kRows = 4096;
  ExampleRows rows(kRows, 64);
  EmbeddingWriter writer(path, ExampleRows::header(64), false);
  writer.append(rows.all());
  writer.commit();
  const std::string whole = read_bytes(path);
  const std::vector<std::function<void(const EmbeddingReader&)>> reads{
      [](const EmbeddingReader& reader) { reader.embeddings(0, kRows); },
      [](const EmbeddingReader& reader) { reader.frames(kRows - 1); },
      [](const EmbeddingReader& reader) { reader.errors(); }};
  for (const std::size_t left : {std::size_t{0}, std::size_t{100}, whole.size() / 2}) {
    for (std::size_t i = 0; i < reads.size(); ++i) {
      write_bytes(path, whole);
      const Failure failure = failure_of([&] {
        const EmbeddingReader reader(path);
        std::filesystem::resize_file(path, left);
        reads[i](reader);
        reader.embeddings(0, kRows);
      });
      EXPECT_EQ(failure.fault, Fault::io) << left << ' ' << i;
      EXPECT_EQ(failure.subject, path);
      EXPECT_EQ(failure.reason, "was cut off, or could not be read, while it was in use");
    }
  }
}

TEST(Refusal, OutputsThatCannotBeMade) {
  const TempDir folder;
  write_bytes(folder / "file", "");
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  std::filesystem::create_directory(folder / "folder");
  const std::vector<std::pair<std::string, std::string>> cases{
      {folder / "missing/a.h5", "No such file or directory"},
      {folder / "file/a.h5", "Not a directory"},
      {folder / "folder", "is a directory"},
      {folder / "fifo", "is not a regular file"},
      {folder / "missing/", "not a file name"},
      {"", "not a file name"},
      {folder / std::string(300, 'n'), "File name too long"},
  };
  for (const auto& [path, reason] : cases) {
    const Failure failure =
        failure_of([&] { EmbeddingWriter writer(path, ExampleRows::header(4), true); });
    EXPECT_EQ(failure.fault, Fault::cannot_create) << path;
    EXPECT_EQ(failure.subject, path);
    EXPECT_EQ(failure.reason, reason) << path;
  }
}

TEST(Refusal, TextsThatHdf5CannotHold) {
  const TempDir folder;
  const std::string path = folder / "a.h5";
  const std::string nul("a\0b", 3);
  for (const std::string& column : {std::string(), std::string("."), std::string("a/b"), nul,
                                    std::string("\xff"), std::string("label")}) {
    EmbeddingHeader header = ExampleRows::header(4);
    header.meta_columns.push_back(column);
    EXPECT_EQ(failure_of([&] { EmbeddingWriter writer(path, header, false); }).fault, Fault::data)
        << column;
  }
  ExampleRows rows(1, 4);
  rows.segments[0].id = nul;
  EmbeddingWriter writer(path, ExampleRows::header(4), false);
  const Failure failure = failure_of([&] { writer.append(rows.all()); });
  EXPECT_EQ(failure.fault, Fault::data);
  EXPECT_EQ(failure.reason, "text with a NUL byte cannot be stored, after 'a'");
  EXPECT_EQ(failure_of([&] { writer.append_error({nul, "open", ""}); }).fault, Fault::data);
  writer.commit();  // nothing of what was refused is in it
  EXPECT_EQ(EmbeddingReader(path).rows(), 0U);
}

class RefusedScores : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedScores, NamesFileAndReason) {
  const std::string path = store_data(GetParam().name);
  const Failure failure = failure_of([&] { read_scores(path); });
  EXPECT_EQ(failure.reason, GetParam().reason);
  EXPECT_EQ(failure.subject, path);
  EXPECT_EQ(failure.fault, Fault::data);
}

INSTANTIATE_TEST_SUITE_P(
    H5py, RefusedScores,
    ::testing::Values(
        Refused{"refused/scores_nan.h5", "the score of 'c' for 'rain' is not finite"},
        Refused{
            "refused/scores_frames.h5",
            "dataset 'scores' has rank 3, not 2: [rows, classes] (frame scores need 'offsets')"},
        Refused{"refused/scores_classes.h5", "has scores of 2 classes, but 1 class names"},
        Refused{"refused/scores_ids.h5", "has scores of 3 rows, but 2 ids"},
        Refused{"refused/scores_double.h5", "duplicate id 'a'"},
        Refused{"refused/scores_no_ids.h5", "has no dataset 'id'"},
        Refused{"h5py_audio.h5", "a clap-embeddings file, not clap-scores"}));

TEST(Refusal, IndexRowsOfAnotherFormat) {
  const std::string path = store_data("h5py_audio.h5");
  EXPECT_EQ(failure_of([&] { read_index_rows(path); }).reason,
            "a clap-embeddings file, not clap-index-rows");
}

}  // namespace
}  // namespace claptools
