// Internal to the room: captions and their recordings as queries and items that were judged.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "claptools/evaluate/retrieval.hpp"
#include "claptools/metrics/retrieval/judged_retrieval.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"

namespace claptools {

/// The metrics of JudgedScores in each direction that is asked for, by `ranked_metrics` or for
/// mteb. Equal similarities of captions, which have no ids, are in the order of their rows, the
/// last first.
struct CaptionScores {
  std::optional<JudgedScores> t2a;  ///< queries are the texts
  std::optional<JudgedScores> a2t;  ///< queries are the audios
};

/// What is the same for both.
struct CaptionedAudio {
  const Relevance& audio_of_text;
  std::span<const std::string> audio_ids;
};

/// @param similarity [audios, texts].
CaptionScores score_captions(const RetrievalTask& task, MatrixView similarity,
                             const CaptionedAudio& clips);

/// The same on cosines. @param audio [audios, D], @param text [texts, D].
CaptionScores score_captions(const RetrievalTask& task, MatrixView audio, MatrixView text,
                             const CaptionedAudio& clips);

/// "t2a.ndcg_at_1" ... of all queries, or of those of the audios drawn; none unless the task has
/// `ranked_metrics`.
MetricValues ranked_metrics(const RetrievalTask& task, const CaptionScores& scores);
MetricValues ranked_metrics(const RetrievalTask& task, const CaptionScores& scores,
                            const Relevance& audio_of_text, std::span<const std::size_t> audios);

/// All names that ranked_metrics() gives.
std::vector<std::string> ranked_metric_names(const RetrievalTask& task);

/// Those of the means over the queries that mteb has.
MetricValues mteb_metrics(const JudgedScores& scores);

/// The same of the direction that is asked for, if any is.
MetricValues mteb_metrics(const RetrievalTask& task, const CaptionScores& scores);

}  // namespace claptools
