#pragma once

#include <string>
#include <vector>

#include "claptools/evaluate/evaluation.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"

namespace claptools {

/// Text to audio and audio to text, from one of three kinds of input. A file named "-" is standard
/// input.
struct RetrievalTask {
  std::string scores = {};      ///< similarities [audio, text]
  std::string embeddings = {};  ///< or one file with audio, text and audio_ids
  std::string audio = {};       ///< or the embedding files of recordings
  std::string text = {};        ///< and of captions, both of one model
  std::string truth = {};       ///< table: audio_id, perhaps caption_index
  TieRule ties = TieRule::last_index_first;
  bool uneven_captions = false;  ///< recordings may have different numbers of captions
  EvaluationOptions options = {};
};

/// The last value is kMissing.
/// @throws Error{usage} unless one kind of input is given; {no_input}, {data} naming the file and
/// the item.
Evaluation evaluate(const RetrievalTask& task);

/// The metrics that evaluate() may give, without their parts (MetricSelection).
std::vector<std::string> metric_names(const RetrievalTask& task);

}  // namespace claptools
