#include "claptools/evaluate/retrieval.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/strings/table.hpp"
#include "claptools/evaluate/intervals.hpp"
#include "claptools/evaluate/plots.hpp"
#include "claptools/evaluate/task_parts.hpp"
#include "claptools/metrics/score_codes.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/scores/retrieval_file.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

/// What was scored, and the truth it was scored with.
struct Scored {
  RetrievalScores scores;
  Relevance relevance;
  ReportRows provenance;
  std::vector<std::string> missing;
  std::vector<std::string> audio_ids;
};

Captions read_captions(const RetrievalTask& task, ClipMatcher& audios, std::size_t texts) {
  return match_captions(read_table_file(task.truth), task.truth, audios, texts,
                        task.uneven_captions);
}

Matrix some_columns(MatrixView all, std::span<const std::size_t> columns) {
  Matrix some(all.rows, columns.size());
  for (std::size_t i = 0; i < all.rows; ++i) {
    std::ranges::transform(columns, some.row(i).begin(),
                           [row = all.row(i)](std::size_t c) { return row[c]; });
  }
  return some;
}

Scored score_similarities(const RetrievalTask& task) {
  Similarity similarity = read_similarity(task.scores);
  if (!similarity.exact.data.empty()) {
    similarity.scores = to_codes(std::exchange(similarity.exact, {}));  // their order is all
  }
  ClipMatcher audios(similarity.audio_ids, match_options(task.options, similarity.failed),
                     kScoredAudio, task.scores);
  auto [relevance, texts] = read_captions(task, audios, similarity.scores.cols);
  if (texts.size() < similarity.scores.cols) {
    similarity.scores = some_columns(similarity.scores, texts);
  }
  auto scores = about(task.scores, [&, &relevance = relevance] {
    return score_retrieval(similarity.scores, relevance, task.ties);
  });
  return {std::move(scores), std::move(relevance), {}, audios.missing(), similarity.audio_ids};
}

/// Of embedding files, the audio's and the text's.
EmbeddingPair read_pair(const RetrievalTask& task, ReportRows& provenance) {
  const EmbeddingReader audio(task.audio);
  const EmbeddingReader text(task.text);
  if (audio.header().kind != "audio") throw Error(Fault::data, task.audio, "holds no audio");
  if (text.header().kind != "text") throw Error(Fault::data, task.text, "holds no text");
  if (audio.header().model_sha256 != text.header().model_sha256) {
    throw Error(Fault::data, task.text, "was made with another model than " + task.audio);
  }
  if (are_of_other_models(text.header().space, audio.header().space))
    throw Error(Fault::data, task.text, other_space(text.header().space, audio.header().space));
  provenance = {{"model_name", audio.header().model_name},
                {"model_sha256", audio.header().model_sha256},
                {"audio_command", audio.header().command},
                {"text_command", text.header().command}};
  EmbeddingPair pair{{}, audio.embeddings(0, audio.rows()), text.embeddings(0, text.rows()), {}};
  for (const InputError& error : audio.errors()) pair.failed.push_back(error.id);
  for (const Segment& segment : audio.segments()) pair.audio_ids.push_back(segment.id);
  return pair;
}

Scored score_embeddings(const RetrievalTask& task) {
  const bool is_one_file = !task.embeddings.empty();
  ReportRows provenance;
  EmbeddingPair pair =
      is_one_file ? read_embedding_pair(task.embeddings) : read_pair(task, provenance);
  ClipMatcher audios(pair.audio_ids, match_options(task.options, pair.failed), kScoredAudio,
                     is_one_file ? task.embeddings : task.audio);
  auto [relevance, texts] = read_captions(task, audios, pair.text.rows);
  if (texts.size() < pair.text.rows) pair.text = rows_of(pair.text, texts);
  const std::string subject = is_one_file ? task.embeddings : task.audio + ", " + task.text;
  auto scores = about(subject, [&, &relevance = relevance] {
    return score_retrieval(pair.audio, pair.text, relevance, task.ties);
  });
  return {std::move(scores), std::move(relevance), std::move(provenance), audios.missing(),
          pair.audio_ids};
}

}  // namespace

Evaluation evaluate(const RetrievalTask& task) {
  const int ways = !task.scores.empty() + !task.embeddings.empty() + !task.audio.empty();
  if (ways != 1 || task.audio.empty() != task.text.empty()) {
    throw Error(Fault::usage, "retrieval",
                "give one of `scores`, `embeddings`, `audio` and `text`");
  }
  auto [scores, relevance, provenance, missing, audio_ids] =
      task.scores.empty() ? score_embeddings(task) : score_similarities(task);
  Evaluation evaluation{to_metrics(scores), std::move(provenance), {}, std::move(missing)};
  const auto resampled = [&scores = scores, &relevance = relevance](auto audios) {
    return to_metrics(resample(scores, relevance, audios));
  };
  add_intervals(evaluation, audio_ids, resampled, task.options);
  if (task.options.with_plots) evaluation.plots.push_back(plot_ranks(scores));
  count_missing(evaluation);
  return evaluation;
}

std::vector<std::string> metric_names(const RetrievalTask& /*task*/) {
  return with_missing(retrieval_metrics());
}

}  // namespace claptools
