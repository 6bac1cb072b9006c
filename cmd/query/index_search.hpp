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
#include "cmd/query/page_output.hpp"
#include "cmd/query/playlist.hpp"

namespace claptools::cmd {

struct QuerySettings {
  std::vector<std::string> indexes;  ///< as open_search_directories takes them
  Shard shard;                       ///< which of the rows to search
  SearchOptions search;
  std::vector<std::string> plus, minus;  ///< texts, as parse_term takes them, of every query
  bool exact_scores = false;             ///< all digits of a float32
  bool absolute = false;                 ///< ids as absolute paths
  std::string playlist;                  ///< file for the hits as M3U; empty: none
  std::string page;                      ///< file for the hits as HTML; empty: none
  bool embed_audio = false;              ///< in the page
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

  void close();

  /// Recordings of hits that the page could not show.
  std::size_t failed() const { return page_ ? page_->failed() : 0; }

 private:
  const Model& model();
  void print(const std::string& query, std::span<const Hit> hits);
  PageRows page_facts() const;

  const QuerySettings& settings_;
  const Program& program_;
  IndexSearcher searcher_;
  TableWriter table_;
  std::optional<PlaylistWriter> playlist_;
  std::optional<PageOutput> page_;
  std::optional<OpenedModel> opened_;
};

/// "TEXT" or "TEXT^WEIGHT". @param weight where none is given. @throws Error{usage}.
QueryTerm parse_term(const std::string& word, double weight);

/// Prints one table of hits from several that clap-query printed.
void print_merged(std::span<const std::string> files, const HitOptions& options,
                  const TableOptions& table);

}  // namespace claptools::cmd
