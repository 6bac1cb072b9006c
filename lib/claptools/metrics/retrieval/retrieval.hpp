#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/matrix.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"

namespace claptools {

/// The order of equal similarities.
enum class TieRule {
  last_index_first,  ///< as a stable ascending sort reversed, what the official code means
  first_index_first,
  optimistic,   ///< right answers first
  pessimistic,  ///< right answers last
};

/// For each text the audio it describes.
using Relevance = std::vector<std::size_t>;

inline constexpr NameKind kScoredAudio{"audio", "audios", "those scored", true};

/// The texts that are evaluated: those of audios that have scores.
struct Captions {
  Relevance audio_of_text;         ///< of each of them
  std::vector<std::size_t> texts;  ///< their rows, ascending
};

/// Joins a table with the column `audio_id`, one caption per row, and perhaps `caption_index` (else
/// rows are in the order of the texts) to the rows of the embeddings.
/// @param subject the table's name, for messages.
/// @param uneven let audios have different numbers of captions, each at least one.
/// @throws Error{data} for what the matcher refuses, a caption index that is duplicated, missing or
/// not a row of the texts, an audio without captions and, unless `uneven`, with more or fewer than
/// the others.
Captions match_captions(const Table& table, std::string_view subject, ClipMatcher& audios,
                        std::size_t texts, bool uneven = false);

/// One direction of a retrieval; all but medr and meanr in percent. Source: official MGA-CLAP
/// evaluation.
struct DirectionScores {
  double r1 = 0;  ///< queries whose best right answer is among the first 1, 5, 10, 50
  double r5 = 0;
  double r10 = 0;
  double r50 = 0;
  double medr = 0;   ///< floor(median of the ranks) + 1
  double meanr = 0;  ///< mean of the ranks + 1
  /// Mean of sum(i / p_i) / min(right answers, 10), p_i the 1-based places up to 10.
  double map10 = 0;
  std::vector<std::size_t> ranks;  ///< 0-based, of each query's best right answer
  std::vector<double> precisions;  ///< of each query, 0 to 1: map10 is their mean
};

struct RetrievalScores {
  DirectionScores t2a;  ///< queries are the texts
  DirectionScores a2t;  ///< queries are the audios
};

/// @param similarity [audios, texts] float32.
/// @throws Error{data} if the relevance does not fit, an audio has no text, or a similarity is not
/// finite.
RetrievalScores score_retrieval(MatrixView similarity, const Relevance& audio_of_text,
                                TieRule ties = TieRule::last_index_first);

/// The same on cosines, in blocks: memory does not grow with audios times texts.
/// @param audio [audios, D], @param text [texts, D] float32, normalised here.
/// @throws Error{data} also for a row that is zero or not finite, and for different widths.
RetrievalScores score_retrieval(MatrixView audio, MatrixView text, const Relevance& audio_of_text,
                                TieRule ties = TieRule::last_index_first);

/// The scores of queries drawn from these, some several times: audios and, with them, their texts.
RetrievalScores resample(const RetrievalScores& scores, const Relevance& audio_of_text,
                         std::span<const std::size_t> audios);

/// "t2a.r1" ... "t2a.map10", "a2t.r1" ... "a2t.map10", "n_audio", "n_captions".
MetricValues to_metrics(const RetrievalScores& scores);

/// All names that to_metrics() gives, in its order.
std::vector<std::string> retrieval_metrics();

}  // namespace claptools
