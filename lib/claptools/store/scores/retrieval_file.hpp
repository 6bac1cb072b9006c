#pragma once

#include <string>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"

namespace claptools {

/// Audio and text embeddings in one file, as reference tools write them: `audio` [audios, dim],
/// `text` [texts, dim], `audio_ids` [audios] and perhaps `text_ids` [texts]. Rows need not be of
/// unit length.
struct EmbeddingPair {
  std::vector<std::string> audio_ids;
  Matrix audio, text;
  std::vector<std::string> failed;    ///< audios that have no row
  std::vector<std::string> text_ids;  ///< [texts], or none
};

/// @param path "-" is standard input.
/// @throws Error{no_input}, {data} also for values that are not finite and for rows of a length
/// that no embedding has (0, 1e30), naming the row.
EmbeddingPair read_embedding_pair(const std::string& path);

/// A similarity of every audio to every text: `scores` [audios, texts], `id` or `clip_ids`
/// [audios].
struct Similarity {
  std::vector<std::string> audio_ids;
  Matrix scores;
  DoubleMatrix exact;               ///< the same where float32 would round; then `scores` is empty
  std::vector<std::string> failed;  ///< audios that have no row
};

/// @throws Error{no_input}, {data} also for values that are not finite, naming the row.
Similarity read_similarity(const std::string& path);

/// A similarity of every query to every item: `scores` [queries, items], `query_ids` [queries] and
/// `item_ids` [items].
struct QuerySimilarity {
  std::vector<std::string> query_ids, item_ids;
  Matrix scores;
  DoubleMatrix exact;               ///< as of Similarity
  std::vector<std::string> failed;  ///< items that have no column
};

/// @throws as read_similarity().
QuerySimilarity read_query_similarity(const std::string& path);

}  // namespace claptools
