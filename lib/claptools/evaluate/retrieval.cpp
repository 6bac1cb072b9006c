#include "claptools/evaluate/retrieval.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/ranked/caption_queries.hpp"
#include "claptools/evaluate/ranked/judged_retrieval.hpp"
#include "claptools/evaluate/ranked/retrieval_input.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/retrieval/judged_retrieval.hpp"
#include "claptools/metrics/score_codes.hpp"

namespace claptools {
namespace {

/// What was scored, and the truth it was scored with.
struct Scored {
  RetrievalScores scores;
  Relevance relevance;
  ReportRows provenance;
  std::vector<std::string> missing;
  std::vector<std::string> audio_ids;
  CaptionScores ranked;
};

TieRule ties_of(const RetrievalTask& task) { return task.ties.value_or(TieRule::last_index_first); }

Matrix some_columns(MatrixView all, std::span<const std::size_t> columns) {
  Matrix some(all.rows, columns.size());
  for (std::size_t i = 0; i < all.rows; ++i) {
    std::ranges::transform(columns, some.row(i).begin(),
                           [row = all.row(i)](std::size_t c) { return row[c]; });
  }
  return some;
}

void append(const MetricValues& more, MetricValues& values) {
  values.insert(values.end(), more.begin(), more.end());
}

Scored score_similarities(const RetrievalTask& task, const Table& truth) {
  Similarity similarity = read_similarity(task.scores);
  if (!similarity.exact.data.empty()) {
    similarity.scores = to_codes(std::exchange(similarity.exact, {}));  // their order is all
  }
  ClipMatcher audios(similarity.audio_ids, match_options(task.options, similarity.failed),
                     kScoredAudio, task.scores);
  auto [relevance, texts] =
      match_captions(truth, task.truth, audios, similarity.scores.cols, task.uneven_captions);
  if (texts.size() < similarity.scores.cols) {
    similarity.scores = some_columns(similarity.scores, texts);
  }
  auto scores = about(task.scores, [&, &relevance = relevance] {
    return score_retrieval(similarity.scores, relevance, ties_of(task));
  });
  auto ranked = score_captions(task, similarity.scores, {relevance, audios.ids()});
  return {std::move(scores), std::move(relevance), {},
          audios.missing(),  similarity.audio_ids, std::move(ranked)};
}

Scored score_embeddings(const RetrievalTask& task, const Table& truth) {
  ReportRows provenance;
  EmbeddingPair pair = read_embeddings(task, provenance);
  ClipMatcher audios(pair.audio_ids, match_options(task.options, pair.failed), kScoredAudio,
                     task.embeddings.empty() ? task.audio : task.embeddings);
  auto [relevance, texts] =
      match_captions(truth, task.truth, audios, pair.text.rows, task.uneven_captions);
  if (texts.size() < pair.text.rows) pair.text = rows_of(pair.text, texts);
  const std::string subject = embeddings_name(task);
  auto scores = about(subject, [&, &relevance = relevance] {
    return score_retrieval(pair.audio, pair.text, relevance, ties_of(task));
  });
  auto ranked = score_captions(task, pair.audio, pair.text, {relevance, audios.ids()});
  return {std::move(scores), std::move(relevance), std::move(provenance),
          audios.missing(),  pair.audio_ids,       std::move(ranked)};
}

}  // namespace

Evaluation evaluate(const RetrievalTask& task) {
  const int ways = !task.scores.empty() + !task.embeddings.empty() + !task.audio.empty();
  if (ways != 1 || task.audio.empty() != task.text.empty()) {
    throw Error(Fault::usage, "retrieval",
                "give one of `scores`, `embeddings`, `audio` and `text`");
  }
  const Table truth = read_table_file(task.truth);
  if (has_judgements(truth)) return evaluate_judged(task, truth);
  auto [scores, relevance, provenance, missing, audio_ids, ranked] =
      task.scores.empty() ? score_embeddings(task, truth) : score_similarities(task, truth);
  Evaluation evaluation{to_metrics(scores), std::move(provenance), {}, std::move(missing)};
  evaluation.mteb = mteb_metrics(task, ranked);
  append(ranked_metrics(task, ranked), evaluation.values);
  const auto resampled = [&, &scores = scores, &relevance = relevance,
                          &ranked = ranked](auto audios) {
    MetricValues values = to_metrics(resample(scores, relevance, audios));
    append(ranked_metrics(task, ranked, relevance, audios), values);
    return values;
  };
  add_intervals(evaluation, audio_ids, resampled, task.options);
  if (task.options.with_plots) evaluation.plots.push_back(plot_ranks(scores));
  count_missing(evaluation);
  return evaluation;
}

std::vector<std::string> metric_names(const RetrievalTask& task) {
  std::vector<std::string> names = retrieval_metrics();
  for (const auto& others : {ranked_metric_names(task), judged_metrics()})
    names.insert(names.end(), others.begin(), others.end());
  return with_missing(std::move(names));
}

}  // namespace claptools
