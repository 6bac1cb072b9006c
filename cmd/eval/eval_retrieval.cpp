// Retrieval: text to audio and audio to text.
#include <algorithm>
#include <utility>

#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/score_codes.hpp"
#include "claptools/store/embedding_file.hpp"
#include "claptools/store/scores/retrieval_file.hpp"
#include "cmd/eval/eval_figures.hpp"
#include "cmd/eval/eval_tasks.hpp"

namespace claptools::cmd {
namespace {

/// What was scored, and the truth it was scored with.
struct Scored {
  RetrievalScores scores;
  Relevance relevance;
  Provenance provenance;
  std::vector<std::string> missing;
};

Captions read_captions(const EvalOptions& options, ClipMatcher& audios, std::size_t texts) {
  return match_captions(read_table_file(options.truth), options.truth, audios, texts,
                        options.uneven_captions);
}

Matrix some_columns(MatrixView all, std::span<const std::size_t> columns) {
  Matrix some(all.rows, columns.size());
  for (std::size_t i = 0; i < all.rows; ++i) {
    std::ranges::transform(columns, some.row(i).begin(),
                           [row = all.row(i)](std::size_t c) { return row[c]; });
  }
  return some;
}

Scored score_similarities(const EvalOptions& options) {
  Similarity similarity = read_similarity(options.scores);
  if (!similarity.exact.data.empty()) {
    similarity.scores = to_codes(std::exchange(similarity.exact, {}));  // their order is all
  }
  ClipMatcher audios(similarity.audio_ids, match_options(options, similarity.failed), kScoredAudio,
                     options.scores);
  auto [relevance, texts] = read_captions(options, audios, similarity.scores.cols);
  if (texts.size() < similarity.scores.cols) {
    similarity.scores = some_columns(similarity.scores, texts);
  }
  auto scores = about(options.scores, [&, &relevance = relevance] {
    return score_retrieval(similarity.scores, relevance, options.ties);
  });
  return {std::move(scores), std::move(relevance), {}, audios.missing()};
}

/// Of embedding files, the audio's and the text's.
EmbeddingPair read_pair(const EvalOptions& options, Provenance& provenance) {
  const EmbeddingReader audio(options.audio);
  const EmbeddingReader text(options.text);
  if (audio.header().kind != "audio") throw Error(Fault::data, options.audio, "holds no audio");
  if (text.header().kind != "text") throw Error(Fault::data, options.text, "holds no text");
  if (audio.header().model_sha256 != text.header().model_sha256) {
    throw Error(Fault::data, options.text, "was made with another model than " + options.audio);
  }
  provenance = {{"model_name", audio.header().model_name},
                {"model_sha256", audio.header().model_sha256},
                {"audio_command", audio.header().command},
                {"text_command", text.header().command}};
  EmbeddingPair pair{{}, audio.embeddings(0, audio.rows()), text.embeddings(0, text.rows()), {}};
  for (const InputError& error : audio.errors()) pair.failed.push_back(error.id);
  for (const Segment& segment : audio.segments()) pair.audio_ids.push_back(segment.id);
  return pair;
}

Scored score_embeddings(const EvalOptions& options) {
  const bool is_one_file = !options.embeddings.empty();
  Provenance provenance;
  EmbeddingPair pair =
      is_one_file ? read_embedding_pair(options.embeddings) : read_pair(options, provenance);
  ClipMatcher audios(pair.audio_ids, match_options(options, pair.failed), kScoredAudio,
                     is_one_file ? options.embeddings : options.audio);
  auto [relevance, texts] = read_captions(options, audios, pair.text.rows);
  if (texts.size() < pair.text.rows) pair.text = rows_of(pair.text, texts);
  const std::string subject =
      is_one_file ? options.embeddings : options.audio + ", " + options.text;
  auto scores = about(subject, [&, &relevance = relevance] {
    return score_retrieval(pair.audio, pair.text, relevance, options.ties);
  });
  return {std::move(scores), std::move(relevance), std::move(provenance), audios.missing()};
}

}  // namespace

Evaluation evaluate_retrieval(const EvalOptions& options) {
  const int ways = !options.scores.empty() + !options.embeddings.empty() + !options.audio.empty();
  if (ways != 1) {
    throw Error(Fault::usage, "retrieval",
                "give one of --scores, --embeddings, --audio and --text");
  }
  auto [scores, relevance, provenance, missing] =
      options.scores.empty() ? score_embeddings(options) : score_similarities(options);
  Evaluation evaluation{to_metrics(scores), std::move(provenance), {}, std::move(missing)};
  const auto resampled = [&scores = scores, &relevance = relevance](auto audios) {
    return to_metrics(resample(scores, relevance, audios));
  };
  add_intervals(evaluation.values, scores.a2t.ranks.size(), resampled, options);
  if (options.wants_plots) evaluation.plots.push_back(plot_ranks(scores));
  return evaluation;
}

}  // namespace claptools::cmd
