#pragma once

#include <atomic>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "claptools/audio/stream_choice.hpp"
#include "claptools/index/find_hits.hpp"
#include "claptools/index/search_directories.hpp"
#include "claptools/models/opened_model.hpp"
#include "claptools/pipeline/embed_audio.hpp"

namespace claptools {

/// How indexes are searched.
struct SearchOptions {
  SearchEffort effort;
  HitOptions hits;
  StreamChoice stream;  ///< of recordings that are queries
  int threads = 1;
  bool exclude_self = false;  ///< no row of the id that the query has
};

/// A text that is added to every query, or taken from it where its weight is negative.
struct QueryTerm {
  std::string text;
  double weight = 1;
};

/// What was found for one query, best first.
using AnswerSink = std::function<void(const std::string& query, std::span<const Hit> hits)>;

/// Recordings as queries: where answers and failures go.
struct RecordingAnswers {
  AnswerSink answer;
  std::function<void(const InputError&)> error;  ///< one that cannot be read
  std::function<void(const std::string& id, const std::string& text)> warning =
      {};  ///< may be empty
};

/// Searches one or more indexes as if they were one.
class IndexSearcher {
 public:
  /// @param indexes index directories or embedding files, as open_search_directories takes them.
  /// @throws Error{no_input}, {data}, {usage} for an effort that the index type does not have.
  IndexSearcher(std::span<const std::string> indexes, const SearchOptions& options);

  /// What Hit::row counts: ids, times, meta columns, and how the rows were made.
  const IndexRows& rows() const { return directory_.rows; }

  /// From now on these rows alone are looked at.
  void restrict_to(RowRange range) { range_ = range; }

  /// @throws Error{data} naming the first index if it was made with another model.
  void require_model(const OpenedModel& opened) const;

  /// From now on a query is searched as the direction of itself plus the weighted embeddings of
  /// these texts. @param model as for by_texts.
  void combine_with(const Model& model, std::span<const QueryTerm> terms);

  /// @param vectors [queries, dim], unit rows. @param names of each, for exclude_self.
  /// @return [queries]. @throws Error{data} where the texts of combine_with leave no direction.
  std::vector<std::vector<Hit>> by_vectors(MatrixView vectors,
                                           std::span<const std::string> names) const;

  /// @param model that the indexes were made with (require_model). @return [texts].
  std::vector<std::vector<Hit>> by_texts(const Model& model,
                                         std::span<const std::string> texts) const;

  /// One query per recording, cut and filled as those of the index were.
  /// @param stop as embed_audio takes it. @return how many failed. @throws as embed_audio.
  std::size_t by_recordings(const Model& model, std::span<const AudioInput> recordings,
                            const RecordingAnswers& answers, const std::atomic<bool>& stop) const;

  /// Each row of an embedding file is a query by the name of its id.
  /// @throws Error{data} if the file was made with another model than the index.
  void by_embeddings(const std::string& file, const AnswerSink& answer) const;

 private:
  const EmbeddingHeader& header() const { return directory_.rows.header; }
  Matrix combined(MatrixView vectors, std::span<const std::string> names) const;
  void answer_rows(std::span<const Segment> segments, MatrixView vectors,
                   const AnswerSink& answer) const;

  SearchOptions options_;
  std::string name_;  ///< of the first index, for messages
  SearchDirectory directory_;
  RowRange range_;
  std::vector<float> added_;  ///< [dim] to each query; empty: nothing
};

/// A row that a text found.
struct FoundRow {
  std::string id;
  double start_s = 0, end_s = 0;
  float score = 0;
};

/// What indexes hold that is most like each of some texts: a search in one call.
/// @return of each text, best first. @throws as IndexSearcher and require_model.
std::vector<std::vector<FoundRow>> search_texts(const OpenedModel& opened,
                                                std::span<const std::string> indexes,
                                                std::span<const std::string> texts,
                                                const SearchOptions& options = {});

}  // namespace claptools
