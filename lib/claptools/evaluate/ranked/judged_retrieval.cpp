#include "claptools/evaluate/ranked/judged_retrieval.hpp"

#include <algorithm>
#include <utility>

#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/ranked/caption_queries.hpp"
#include "claptools/evaluate/ranked/retrieval_input.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/retrieval/judged_retrieval.hpp"
#include "claptools/metrics/score_codes.hpp"

namespace claptools {
namespace {

constexpr NameKind kTextQuery{"query", "queries", "the texts", false};
constexpr NameKind kTextItem{"item", "items", "the texts", false};

/// What was scored, and what could not be.
struct Scored {
  JudgedScores scores;
  ReportRows provenance;
  std::vector<std::string> missing;
  std::vector<std::string> queries;  ///< names of those judged
};

std::vector<std::string> missing_of(const ClipMatcher& queries, const ClipMatcher& items) {
  std::vector<std::string> names = queries.missing();
  const auto others = items.missing();
  names.insert(names.end(), others.begin(), others.end());
  return names;
}

Scored score_similarities(const RetrievalTask& task, const Table& truth) {
  QuerySimilarity similarity = read_query_similarity(task.scores);
  if (!similarity.exact.data.empty()) {
    similarity.scores = to_codes(std::exchange(similarity.exact, {}));  // their order is all
  }
  ClipMatcher queries(similarity.query_ids, match_options(task.options, {}), kScoredQuery,
                      task.scores);
  ClipMatcher items(similarity.item_ids, match_options(task.options, similarity.failed),
                    kScoredItem, task.scores);
  const Judgements judgements = match_judgements(truth, task.truth, queries, items);
  auto scores = about(task.scores, [&] {
    return score_judged(similarity.scores, similarity.item_ids, judgements, task.options.threads);
  });
  return {std::move(scores),
          {},
          missing_of(queries, items),
          some_of(similarity.query_ids, judgements.queries)};
}

/// Whether the texts are the queries: unless the first query is a recording's name and not a text.
bool asks_texts(const EmbeddingPair& pair, const Table& truth, const RetrievalTask& task) {
  if (truth.rows.empty()) return true;
  const std::string& first = truth.rows[0][*truth.find("query")];
  if (std::ranges::find(pair.text_ids, first) != pair.text_ids.end()) return true;
  const Lookup audios(pair.audio_ids, embeddings_name(task), kScoredQuery, task.options.names);
  return !audios.find_file(first);
}

Scored score_embeddings(const RetrievalTask& task, const Table& truth) {
  ReportRows provenance;
  const EmbeddingPair pair = read_embeddings(task, provenance);
  const std::string subject = embeddings_name(task);
  if (pair.text_ids.empty())
    throw Error(Fault::data, subject, "has no text_ids, which a table of queries and items needs");
  const bool asks = asks_texts(pair, truth, task);
  const MatchOptions of_audio = match_options(task.options, pair.failed);
  const MatchOptions of_text = match_options(task.options, {});
  ClipMatcher queries(asks ? pair.text_ids : pair.audio_ids, asks ? of_text : of_audio,
                      asks ? kTextQuery : kScoredQuery, subject);
  ClipMatcher items(asks ? pair.audio_ids : pair.text_ids, asks ? of_audio : of_text,
                    asks ? kScoredItem : kTextItem, subject);
  const Judgements judgements = match_judgements(truth, task.truth, queries, items);
  auto scores = about(subject, [&] {
    return score_judged(asks ? pair.text : pair.audio, asks ? pair.audio : pair.text, items.ids(),
                        judgements, task.options.threads);
  });
  return {std::move(scores), std::move(provenance), missing_of(queries, items),
          some_of(queries.ids(), judgements.queries)};
}

}  // namespace

Evaluation evaluate_judged(const RetrievalTask& task, const Table& truth) {
  const char* const other = task.ties ? "`ties`" : task.uneven_captions ? "`uneven_captions`" : "";
  if (*other) throw Error(Fault::usage, other, "is for captions: judged items go by their ids");
  auto [scores, provenance, missing, queries] =
      task.scores.empty() ? score_embeddings(task, truth) : score_similarities(task, truth);
  Evaluation evaluation{to_metrics(scores), std::move(provenance), {}, std::move(missing)};
  const auto resampled = [&scores = scores](auto drawn) { return mean_metrics(scores, drawn); };
  add_intervals(evaluation, queries, resampled, task.options);
  if (task.options.with_plots) evaluation.plots.push_back(plot_ranks(scores));
  if (task.options.mteb != MtebKind::none) evaluation.mteb = mteb_metrics(scores);
  count_missing(evaluation);
  return evaluation;
}

}  // namespace claptools
