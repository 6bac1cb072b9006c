#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/audio/stream_choice.hpp"
#include "claptools/index/find_hits.hpp"
#include "claptools/index/search_directories.hpp"
#include "cmd/model/model_options.hpp"
#include "cmd/model/shard_option.hpp"
#include "cmd/program/line_source.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

struct SearchOptions {
  std::vector<std::string> indexes;  ///< as open_search_directories takes them
  Shard shard;                       ///< which of the rows to search
  SearchEffort effort;
  HitOptions hits;
  StreamChoice stream;        ///< of recordings that are queries
  bool exact_scores = false;  ///< all digits of a float32
  ModelChoice model;
  TableOptions table;
};

/// Answers queries from one or more indexes, as rows of a table. A model is loaded when the first
/// text or recording comes.
class IndexSearch {
 public:
  /// @throws Error{no_input}, {data}, {cannot_create}.
  IndexSearch(const SearchOptions& options, const Program& program);

  /// @throws Error{data} if the index was made with another model than --model.
  void by_texts(std::span<const std::string> texts);

  /// One text a line; an empty line is no query. Each is answered before more are waited for.
  void by_lines(LineSource& lines);

  /// One query a recording, cut and filled as those of the index were; a failure is reported.
  /// @return how many failed.
  std::size_t by_audio(const std::vector<std::string>& files);

  /// @throws Error{data} if the file was made with another model than the index.
  void by_embeddings(const std::string& file);

  void close() { table_.close(); }

 private:
  const EmbeddingHeader& header() const { return directory_.rows.header; }
  const Model& model();
  void by_rows(std::span<const Segment> segments, MatrixView vectors);
  void answer(std::span<const std::string> queries, MatrixView vectors);
  void print(const std::string& query, std::size_t rank, const Hit& hit);

  const SearchOptions& options_;
  const Program& program_;
  SearchDirectory directory_;
  RowRange rows_;  ///< where to look
  TableWriter table_;
  std::optional<OpenedModel> opened_;
};

}  // namespace claptools::cmd
