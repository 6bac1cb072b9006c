#include "claptools/metrics/retrieval/retrieval.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "claptools/core/dot.hpp"
#include "claptools/core/error.hpp"
#include "claptools/metrics/metric_list.hpp"
#include "claptools/metrics/retrieval/matrix_rows.hpp"

namespace claptools {
namespace {

struct Direction {
  const char* name;  ///< with the point before what is measured
  DirectionScores RetrievalScores::*of;
};
constexpr std::array<Direction, 2> kDirections{
    {{"t2a.", &RetrievalScores::t2a}, {"a2t.", &RetrievalScores::a2t}}};

struct Measure {
  const char* name;
  double DirectionScores::*of;
};
constexpr std::array<Measure, 7> kMeasures{{{"r1", &DirectionScores::r1},
                                            {"r5", &DirectionScores::r5},
                                            {"r10", &DirectionScores::r10},
                                            {"r50", &DirectionScores::r50},
                                            {"medr", &DirectionScores::medr},
                                            {"meanr", &DirectionScores::meanr},
                                            {"map10", &DirectionScores::map10}}};

std::optional<double> queries(const DirectionScores& direction) {
  return static_cast<double>(direction.ranks.size());
}
constexpr std::array<Total<RetrievalScores>, 2> kCounts{
    {{"n_audio", [](const RetrievalScores& s) { return queries(s.a2t); }},
     {"n_captions", [](const RetrievalScores& s) { return queries(s.t2a); }}}};

/// Something that can be ranked for a query.
struct Candidate {
  float score;
  std::size_t index;
  bool relevant;
};

/// Whether `a` ranks before `b`. Two right answers that tie keep their order, so that each has a
/// place of its own.
bool precedes(const Candidate& a, const Candidate& b, TieRule ties) {
  if (a.score != b.score) return a.score > b.score;
  if (ties == TieRule::last_index_first) return a.index > b.index;
  if (ties == TieRule::first_index_first || a.relevant == b.relevant) return a.index < b.index;
  return a.relevant == (ties == TieRule::optimistic);
}

double percent(std::size_t part, std::size_t whole) {
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double median(std::vector<std::size_t> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const auto upper = static_cast<double>(values[middle]);
  return values.size() % 2 ? upper : (static_cast<double>(values[middle - 1]) + upper) / 2;
}

DirectionScores summarise(std::vector<std::size_t> ranks, std::vector<double> precisions) {
  const std::size_t n = ranks.size();
  const auto recall = [&](std::size_t k) {
    return percent(static_cast<std::size_t>(std::count_if(ranks.begin(), ranks.end(),
                                                          [k](std::size_t r) { return r < k; })),
                   n);
  };
  double sum = 0;
  for (const std::size_t rank : ranks) sum += static_cast<double>(rank);
  DirectionScores scores;
  scores.r1 = recall(1);
  scores.r5 = recall(5);
  scores.r10 = recall(10);
  scores.r50 = recall(50);
  scores.medr = std::floor(median(ranks)) + 1;
  scores.meanr = sum / static_cast<double>(n) + 1;
  const double precision_sum = std::accumulate(precisions.begin(), precisions.end(), 0.0);
  scores.map10 = 100.0 * precision_sum / static_cast<double>(n);
  scores.ranks = std::move(ranks);
  scores.precisions = std::move(precisions);
  return scores;
}

/// Average precision of places (0-based, any order) within the first ten.
double precision_at_10(std::vector<std::size_t> places) {
  std::sort(places.begin(), places.end());
  double sum = 0;
  for (std::size_t i = 0; i < places.size() && places[i] < 10; ++i) {
    sum += static_cast<double>(i + 1) / static_cast<double>(places[i] + 1);
  }
  return sum / static_cast<double>(std::min<std::size_t>(places.size(), 10));
}

/// texts_of[audio], rising. @throws Error{data} as score_retrieval.
std::vector<std::vector<std::size_t>> invert(const Relevance& audio_of_text, std::size_t audios) {
  std::vector<std::vector<std::size_t>> texts_of(audios);
  for (std::size_t t = 0; t < audio_of_text.size(); ++t) {
    if (audio_of_text[t] >= audios) {
      throw Error(Fault::data, "captions",
                  "audio " + std::to_string(audio_of_text[t]) + " does not exist");
    }
    texts_of[audio_of_text[t]].push_back(t);
  }
  for (std::size_t a = 0; a < audios; ++a) {
    if (texts_of[a].empty()) {
      throw Error(Fault::data, "captions", "none for audio " + std::to_string(a));
    }
  }
  return texts_of;
}

/// Takes the similarity matrix a row (an audio) at a time and ranks in both directions.
class Ranking {
 public:
  /// @param own_scores of each text with its audio, needed before the first row comes.
  Ranking(const Relevance& audio_of_text, std::vector<std::vector<std::size_t>> texts_of,
          std::vector<float> own_scores, TieRule ties)
      : audio_of_text_(audio_of_text),
        texts_of_(std::move(texts_of)),
        own_scores_(std::move(own_scores)),
        ties_(ties),
        text_ranks_(audio_of_text.size()) {}

  void add(std::span<const float> row, std::size_t audio) {
    for (std::size_t t = 0; t < row.size(); ++t) {
      const std::size_t own = audio_of_text_[t];
      text_ranks_[t] +=
          audio != own && precedes({row[t], audio, false}, {own_scores_[t], own, true}, ties_);
    }
    std::vector<std::size_t> places;
    for (const std::size_t text : texts_of_[audio]) places.push_back(place_of(row, text, audio));
    audio_ranks_.push_back(*std::min_element(places.begin(), places.end()));
    audio_precisions_.push_back(precision_at_10(std::move(places)));
  }

  RetrievalScores scores() && {
    std::vector<double> text_precisions;
    for (const std::size_t rank : text_ranks_) text_precisions.push_back(precision_at_10({rank}));
    return {summarise(std::move(text_ranks_), std::move(text_precisions)),
            summarise(std::move(audio_ranks_), std::move(audio_precisions_))};
  }

 private:
  /// Ties are rare, so two plain counts come first.
  std::size_t place_of(std::span<const float> row, std::size_t text, std::size_t audio) const {
    const float score = row[text];
    std::size_t greater = 0;
    std::size_t equal = 0;
    for (const float other : row) {
      greater += other > score;
      equal += other == score;
    }
    if (equal == 1) return greater;
    const Candidate own{score, text, true};
    for (std::size_t t = 0; t < row.size(); ++t) {
      const Candidate other{row[t], t, audio_of_text_[t] == audio};
      greater += row[t] == score && t != text && precedes(other, own, ties_);
    }
    return greater;
  }

  const Relevance& audio_of_text_;
  std::vector<std::vector<std::size_t>> texts_of_;
  std::vector<float> own_scores_;
  TieRule ties_;
  std::vector<std::size_t> text_ranks_;
  std::vector<std::size_t> audio_ranks_;
  std::vector<double> audio_precisions_;
};

void check_counts(std::size_t audios, std::size_t texts, const Relevance& audio_of_text) {
  if (audios == 0) throw Error(Fault::data, "audio embeddings", "no audio");
  if (texts != audio_of_text.size()) {
    throw Error(Fault::data, "captions",
                std::to_string(audio_of_text.size()) + " for " + std::to_string(texts) + " texts");
  }
}

}  // namespace

RetrievalScores score_retrieval(MatrixView similarity, const Relevance& audio_of_text,
                                TieRule ties) {
  check_counts(similarity.rows, similarity.cols, audio_of_text);
  auto texts_of = invert(audio_of_text, similarity.rows);
  std::vector<float> own_scores;
  for (std::size_t t = 0; t < audio_of_text.size(); ++t) {
    own_scores.push_back(similarity.row(audio_of_text[t])[t]);
  }
  Ranking ranking(audio_of_text, std::move(texts_of), std::move(own_scores), ties);
  for (std::size_t a = 0; a < similarity.rows; ++a) {
    check_finite(similarity.row(a), "similarity", a);
    ranking.add(similarity.row(a), a);
  }
  return std::move(ranking).scores();
}

RetrievalScores score_retrieval(MatrixView audio, MatrixView text, const Relevance& audio_of_text,
                                TieRule ties) {
  check_counts(audio.rows, text.rows, audio_of_text);
  if (audio.cols != text.cols) {
    throw Error(
        Fault::data, "text embeddings",
        "width " + std::to_string(text.cols) + ", the audio's is " + std::to_string(audio.cols));
  }
  auto texts_of = invert(audio_of_text, audio.rows);
  const Matrix unit_audio = unit_rows_of(audio, "audio embeddings");
  const Matrix unit_text = unit_rows_of(text, "text embeddings");
  std::vector<float> own_scores(text.rows);
  for (std::size_t t = 0; t < text.rows; ++t) {
    multiply_transposed(unit_audio.view().slice(audio_of_text[t], 1), unit_text.view().slice(t, 1),
                        {&own_scores[t], 1});
  }
  Ranking ranking(audio_of_text, std::move(texts_of), std::move(own_scores), ties);
  constexpr std::size_t kBlock = 64;
  for (std::size_t first = 0; first < audio.rows; first += kBlock) {
    Matrix block(std::min(kBlock, audio.rows - first), text.rows);
    multiply_transposed(unit_audio.view().slice(first, block.rows), unit_text, block.data);
    for (std::size_t i = 0; i < block.rows; ++i) ranking.add(block.row(i), first + i);
  }
  return std::move(ranking).scores();
}

RetrievalScores resample(const RetrievalScores& scores, const Relevance& audio_of_text,
                         std::span<const std::size_t> audios) {
  const auto texts_of = invert(audio_of_text, scores.a2t.ranks.size());
  std::vector<std::size_t> texts;
  for (const std::size_t audio : audios) {
    texts.insert(texts.end(), texts_of[audio].begin(), texts_of[audio].end());
  }
  const auto drawn = [](const DirectionScores& all, std::span<const std::size_t> queries) {
    std::vector<std::size_t> ranks;
    std::vector<double> precisions;
    for (const std::size_t query : queries) {
      ranks.push_back(all.ranks[query]);
      precisions.push_back(all.precisions[query]);
    }
    return summarise(std::move(ranks), std::move(precisions));
  };
  return {drawn(scores.t2a, texts), drawn(scores.a2t, audios)};
}

std::vector<std::string> retrieval_metrics() {
  std::vector<std::string> names;
  for (const Direction& direction : kDirections) {
    for (const Measure& measure : kMeasures) {
      names.push_back(std::string(direction.name) + measure.name);
    }
  }
  append_names(kCounts, names);
  return names;
}

MetricValues to_metrics(const RetrievalScores& scores) {
  MetricValues values;
  for (const Direction& direction : kDirections) {
    for (const Measure& measure : kMeasures) {
      values.push_back(
          {std::string(direction.name) + measure.name, "", scores.*direction.of.*measure.of});
    }
  }
  append_totals(kCounts, scores, values);
  return values;
}

}  // namespace claptools
