#pragma once

#include <string>
#include <vector>

#include "claptools/core/checksum.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/file_record.hpp"

namespace claptools {

/// rows.h5 of an index directory: what the vectors of vectors.faiss stand for.
struct IndexRows {
  /// The model's attributes; kind, dim and so on as in the embedding files indexed.
  EmbeddingHeader header;
  std::vector<Segment> segments;
  std::vector<std::vector<std::string>> meta;  ///< [header.meta_columns][rows]
  BlockChecksums vectors;                      ///< of vectors.faiss
  std::vector<FileRecord> files =
      {};  ///< what is known of the files of rows; any order, any number
  std::vector<FailedFile> failures =
      {};  ///< recordings without rows, or with those of an earlier state
};

/// Writes `path` (format "clap-index-rows", version 1), which must not exist. @throws as
/// EmbeddingWriter.
void write_index_rows(const std::string& path, const IndexRows& rows);

/// @throws Error{no_input}, {data}.
IndexRows read_index_rows(const std::string& path);

}  // namespace claptools
