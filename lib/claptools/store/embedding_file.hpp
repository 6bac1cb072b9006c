#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/store/file_record.hpp"

namespace claptools {

/// One row of an embedding file: a segment of a recording, or a text (then start and end are 0).
struct Segment {
  std::string id;  ///< the input's name exactly as given
  double start_s = 0;
  double end_s = 0;

  bool operator==(const Segment&) const = default;
};

/// An input that failed: a row of errors/.
struct InputError {
  std::string id;
  std::string stage;  ///< "open", "decode", "embed" ...
  std::string message;

  bool operator==(const InputError&) const = default;
};

/// The attributes of "/" and the shape of the file (contract: "Embedding file").
struct EmbeddingHeader {
  std::string kind = "audio";  ///< "audio" or "text"
  std::size_t dim = 0;
  std::string model_name;
  std::string model_sha256;
  std::string tool;     ///< name and version
  std::string command;  ///< as typed
  std::string created;  ///< ISO 8601, UTC
  std::string space;    ///< as name_space() names it; empty: unknown
  std::string options;  ///< "NAME=VALUE ...": what affects the rows besides model and inputs
  // audio only
  int sample_rate = 0;  ///< Hz
  double window_s = 0;
  double hop_s = 0;
  std::string short_audio;  ///< as claptools::to_string(ShortAudio) writes it
  std::string precision = "fp32";
  int shard_index = 0;     ///< with shard_count > 0
  int shard_count = 0;     ///< 0 = not a shard
  std::string shard_deal;  ///< of a shard: digest of the tar files dealt out, as deal_tar_shards
  bool half = false;       ///< embeddings and frames stored as float16
  bool normalized = true;  ///< of a file read: its vectors are stored as unit vectors
  double frame_hop_s = 0;  ///< > 0: the file has frames/, with this hop, s
  std::vector<std::string> meta_columns;
};

/// Rows to append: spans of equal length, but `meta` has one vector per meta column, each with one
/// value per row.
struct EmbeddingRows {
  std::span<const Segment> segments;
  MatrixView embeddings;                           ///< [rows, dim]
  std::span<const std::vector<std::string>> meta;  ///< [columns][rows]
  MatrixView frames;                          ///< [sum of frame_counts, dim], with frame_hop_s > 0
  std::span<const std::size_t> frame_counts;  ///< [rows], with frame_hop_s > 0
};

/// Writes an embedding file under a temporary name and renames it when it is complete. The same
/// header and rows give the same bytes, however the rows are grouped. Keeps about a chunk (1 MiB of
/// embeddings) in memory, and a few thousand errors. HDF5 is not thread-safe: one thread at a time
/// may use the readers and writers of this room.
class EmbeddingWriter {
 public:
  /// @param path "-" is standard output: the file is built in memory and written on commit().
  /// @throws Error{cannot_create} if the output exists and not overwrite, is not a regular file, or
  /// cannot be made; {data} for names of meta columns that HDF5 cannot hold (empty, ".", with '/'
  /// or NUL, not UTF-8, duplicate).
  /// @param sources embedding files with this header's dim and type. If there are any, embeddings
  /// and frames stay in them, as HDF5 virtual datasets, and the rows to append must be theirs: all
  /// of them, file after file. @throws Error{data} for a file without checksums, or one that refers
  /// to others itself.
  EmbeddingWriter(const std::string& path, const EmbeddingHeader& header, bool overwrite,
                  const std::vector<std::string>& sources = {});
  EmbeddingWriter(const EmbeddingWriter&) = delete;
  EmbeddingWriter& operator=(const EmbeddingWriter&) = delete;
  /// Without commit() no file remains.
  ~EmbeddingWriter();

  /// Meta columns that rows may have from now on: those of the header, then others, each of which
  /// appears in the file with its first value that is not empty.
  /// @throws Error{data} for a name that HDF5 cannot hold, when it appears.
  void name_columns(std::vector<std::string> columns);

  /// Rows may lack the last columns, whose values are empty then.
  /// @throws Error{internal} for shapes that do not fit, {data} for text with a NUL byte: nothing
  /// of the call is kept. {io} if writing fails (disk full): then commit() fails as well.
  void append(const EmbeddingRows& rows);

  /// @throws Error{data} for text with a NUL byte.
  void append_error(const InputError& error);

  /// What is known of a recording that has rows; its time of change is not kept.
  /// @throws Error{data} for text with a NUL byte.
  void append_file(const FileRecord& file);

  /// Writes `complete` = 1, flushes, syncs and renames (or sends the image to standard output).
  /// Once.
  /// @throws Error{io}, or {cannot_create} if the output has appeared meanwhile and not overwrite.
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads an embedding file, also one made with h5py. Names, types, shapes and sizes are checked
/// before memory is allocated. The structures of HDF5 itself are read by its library, which can
/// crash on damaged ones. Ids, times and meta columns are kept in memory, embeddings are not. They
/// may be in other files (EmbeddingWriter's `sources`), which are opened as needed, one at a time.
class EmbeddingReader {
 public:
  /// @param path "-" is standard input, read whole into memory.
  /// @param partial accept a file without `complete` = 1.
  /// @throws Error{no_input} if missing, {data} if it is not an embedding file of a known version,
  /// is incomplete, or its parts do not fit together.
  explicit EmbeddingReader(const std::string& path, bool partial = false);
  EmbeddingReader(EmbeddingReader&&) noexcept;
  EmbeddingReader& operator=(EmbeddingReader&&) noexcept;
  ~EmbeddingReader();

  const EmbeddingHeader& header() const;
  std::size_t rows() const;
  const std::vector<Segment>& segments() const;
  /// Values of a column of header().meta_columns, [rows].
  const std::vector<std::string>& meta(std::size_t column) const;
  /// What is known of the recordings that have rows; any number, in any order.
  const std::vector<FileRecord>& files() const;
  std::vector<InputError> errors() const;

  /// Rows [first, first + count) as float32 unit vectors; they are normalised here if the attribute
  /// `normalized` is 0 or absent. @throws Error{data} naming the row for NaN or infinite values,
  /// lengths that no embedding has (0, 1e30), and other lengths than 1 where it is 1.
  Matrix embeddings(std::size_t first, std::size_t count) const;

  /// Frame embeddings of one row, [frames, dim], in the same way. @throws Error{data} also if the
  /// file has no frames.
  Matrix frames(std::size_t row) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace claptools
