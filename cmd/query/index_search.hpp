#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/search/index_searcher.hpp"
#include "cmd/model/model_options.hpp"
#include "cmd/model/shard_option.hpp"
#include "cmd/program/line_source.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

struct QuerySettings {
  std::vector<std::string> indexes;  ///< as open_search_directories takes them
  Shard shard;                       ///< which of the rows to search
  SearchOptions search;
  bool exact_scores = false;  ///< all digits of a float32
  ModelChoice model;
  TableOptions table;
};

/// Answers queries from one or more indexes, as rows of a table. A model is loaded when the first
/// text or recording comes.
class IndexSearch {
 public:
  /// @throws Error{no_input}, {data}, {cannot_create}.
  IndexSearch(const QuerySettings& settings, const Program& program);

  /// @throws Error{data} if the index was made with another model than --model.
  void by_texts(std::span<const std::string> texts);

  /// One text per line; an empty line is not a query. Each is answered before more are waited for.
  void by_lines(LineSource& lines);

  /// One query per recording, cut and filled as those of the index were; a failure is reported.
  /// @return how many failed.
  std::size_t by_audio(const std::vector<std::string>& files);

  /// @throws Error{data} if the file was made with another model than the index.
  void by_embeddings(const std::string& file);

  void close() { table_.close(); }

 private:
  const Model& model();
  void print(const std::string& query, std::span<const Hit> hits);

  const QuerySettings& settings_;
  const Program& program_;
  IndexSearcher searcher_;
  TableWriter table_;
  std::optional<OpenedModel> opened_;
};

/// Prints one table of hits from several that clap-query printed.
void print_merged(std::span<const std::string> files, const HitOptions& options,
                  const TableOptions& table);

}  // namespace claptools::cmd
