#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"

namespace claptools {

/// Retrieval from one of three kinds of input. With a truth of captions (`audio_id`, perhaps
/// `caption_index`) from text to audio and from audio to text, each query having the items of its
/// recording; with one of judgements (has_judgements()) from queries to items. A file named "-" is
/// standard input.
struct RetrievalTask {
  std::string scores = {};      ///< similarities [audio, text], or [queries, items]
  std::string embeddings = {};  ///< or one file with audio, text, audio_ids, perhaps text_ids
  std::string audio = {};       ///< or the embedding files of recordings
  std::string text = {};        ///< and of captions, both of one model
  std::string truth = {};       ///< table of captions or of judgements
  /// Of captions only; none: last_index_first. Judged items go by their ids (JudgedScores).
  std::optional<TieRule> ties = {};
  bool uneven_captions = false;  ///< recordings may have different numbers of captions
  /// Of captions: also the metrics of JudgedScores, as t2a.ndcg_at_10; judgements have them anyhow.
  bool ranked_metrics = false;
  EvaluationOptions options = {};
};

/// The last value is kMissing.
/// @throws Error{usage} unless one kind of input is given, and for `ties` and `uneven_captions`
/// with judgements; {no_input}, {data} naming the file and the item.
Evaluation evaluate(const RetrievalTask& task);

/// The metrics that evaluate() may give, without their parts (MetricSelection).
std::vector<std::string> metric_names(const RetrievalTask& task);

}  // namespace claptools
