#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// How scores were made; empty where the file does not say.
struct Provenance {
  std::string model_name, model_sha256, tool, command, created;
  std::vector<std::string> prompts;  ///< [classes], or none
};

/// A table of scores (contract: "Score file"): one row per input, or, for frame scores, one row per
/// frame.
struct Scores : Provenance {
  /// [rows]; dataset `id`, or `clip_ids` as reference tools write it.
  std::vector<std::string> ids;
  std::vector<std::string> classes;  ///< [classes]
  Matrix scores;                     ///< [rows, classes] or [all frames, classes]
  /// The same where the file holds float64 or integers, which float32 would round; then `scores` is
  /// empty.
  DoubleMatrix exact;
  std::vector<std::string> failed;  ///< inputs that have no row
  /// Empty, or [rows + 1]: frames of row i are offsets[i] .. offsets[i + 1].
  std::vector<std::uint64_t> offsets;
  double hop_s = 0;  ///< of frames
  std::vector<std::string> meta_columns;
  std::vector<std::vector<std::string>> meta;  ///< [columns][rows]
};

/// What a score file says besides its rows.
struct ScoreHeader : Provenance {
  std::vector<std::string> classes;  ///< at least one
  double hop_s = 0;                  ///< > 0: scores of frames, this many seconds apart
};

/// Writes a score file row by row, beside its final name, and renames it into place. The same calls
/// give the same bytes. Holds about a chunk in memory: 1 MiB of scores and 4096 ids with their meta
/// values. HDF5 is not thread-safe, see EmbeddingWriter.
class ScoreWriter {
 public:
  /// @param path "-" is standard output: the file is built in memory and written on commit().
  /// @throws Error{cannot_create} as EmbeddingWriter.
  ScoreWriter(const std::string& path, const ScoreHeader& header, bool overwrite);
  ScoreWriter(const ScoreWriter&) = delete;
  ScoreWriter& operator=(const ScoreWriter&) = delete;
  /// Without commit() nothing is left behind.
  ~ScoreWriter();

  /// Position of a meta column among those so far. A new one is added: empty in the rows before.
  /// @throws Error{data} for a name that HDF5 cannot hold.
  std::size_t column(const std::string& name);
  std::size_t columns() const;  ///< how many there are

  /// @param id distinct, which is the caller's to see to.
  /// @param scores [1, classes], or [frames, classes] with hop_s. @param meta one value per column.
  /// @throws Error{internal} for shapes that do not fit, {data} for text with a NUL byte, {io}.
  void append(const std::string& id, MatrixView scores, std::span<const std::string> meta);

  /// An input that has no row. @throws Error{data} for text with a NUL byte, {io}.
  void append_error(const InputError& error);

  /// Once. @throws Error{io}, {cannot_create} as EmbeddingWriter.
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A whole table at once.
/// @param path "-" is standard output. @throws as ScoreWriter.
void write_scores(const std::string& path, const Scores& scores, bool overwrite);

/// @param path "-" is standard input. Also reads files without `format` as reference tools write
/// them: `scores` [clip, class] with `clip_ids` and `classes`. @throws Error{no_input}, {data}
/// (also NaN or infinite scores, duplicate ids), naming the item.
Scores read_scores(const std::string& path);

}  // namespace claptools
