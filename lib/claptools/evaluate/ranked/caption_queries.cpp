#include "claptools/evaluate/ranked/caption_queries.hpp"

#include <algorithm>
#include <numeric>

namespace claptools {
namespace {

Judgements texts_as_queries(const Relevance& audio_of_text) {
  Judgements judgements;
  for (std::size_t t = 0; t < audio_of_text.size(); ++t) {
    judgements.queries.push_back(t);
    judgements.relevant.push_back({{audio_of_text[t], 1}});
  }
  return judgements;
}

Judgements audios_as_queries(const Relevance& audio_of_text, std::size_t audios) {
  Judgements judgements{std::vector<std::size_t>(audios), {}};
  std::iota(judgements.queries.begin(), judgements.queries.end(), std::size_t{0});
  judgements.relevant.resize(audios);
  for (std::size_t t = 0; t < audio_of_text.size(); ++t) {
    judgements.relevant[audio_of_text[t]].push_back({t, 1});
  }
  return judgements;
}

/// Names that rise with the rows.
std::vector<std::string> row_names(std::size_t rows) {
  std::vector<std::string> names;
  const std::size_t width = std::to_string(rows).size();
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string digits = std::to_string(i);
    names.push_back(std::string(width - digits.size(), '0') + digits);
  }
  return names;
}

Matrix transposed(MatrixView m) {
  Matrix turned(m.cols, m.rows);
  for (std::size_t i = 0; i < m.rows; ++i) {
    for (std::size_t j = 0; j < m.cols; ++j) turned.row(j)[i] = m.row(i)[j];
  }
  return turned;
}

bool wants(const RetrievalTask& task, MtebKind direction) {
  return task.ranked_metrics || task.options.mteb == direction;
}

void append_means(const char* direction, const JudgedScores& scores,
                  std::span<const std::size_t> queries, MetricValues& values) {
  for (MetricValue& v : mean_metrics(scores, queries))
    values.push_back({direction + v.metric, "", v.value});
}

std::vector<std::size_t> up_to(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

MetricValues means_of(const CaptionScores& scores, std::span<const std::size_t> texts,
                      std::span<const std::size_t> audios) {
  MetricValues values;
  append_means("t2a.", *scores.t2a, texts, values);
  append_means("a2t.", *scores.a2t, audios, values);
  return values;
}

}  // namespace

CaptionScores score_captions(const RetrievalTask& task, MatrixView similarity,
                             const CaptionedAudio& clips) {
  const auto& [audio_of_text, audio_ids] = clips;
  CaptionScores scores;
  if (wants(task, MtebKind::text_to_audio)) {
    scores.t2a = score_judged(transposed(similarity), audio_ids, texts_as_queries(audio_of_text),
                              task.options.threads);
  }
  if (wants(task, MtebKind::audio_to_text)) {
    scores.a2t =
        score_judged(similarity, row_names(similarity.cols),
                     audios_as_queries(audio_of_text, audio_ids.size()), task.options.threads);
  }
  return scores;
}

CaptionScores score_captions(const RetrievalTask& task, MatrixView audio, MatrixView text,
                             const CaptionedAudio& clips) {
  const auto& [audio_of_text, audio_ids] = clips;
  CaptionScores scores;
  if (wants(task, MtebKind::text_to_audio)) {
    scores.t2a =
        score_judged(text, audio, audio_ids, texts_as_queries(audio_of_text), task.options.threads);
  }
  if (wants(task, MtebKind::audio_to_text)) {
    scores.a2t =
        score_judged(audio, text, row_names(text.rows),
                     audios_as_queries(audio_of_text, audio_ids.size()), task.options.threads);
  }
  return scores;
}

MetricValues ranked_metrics(const RetrievalTask& task, const CaptionScores& scores) {
  if (!task.ranked_metrics) return {};
  return means_of(scores, up_to(scores.t2a->values.rows), up_to(scores.a2t->values.rows));
}

MetricValues ranked_metrics(const RetrievalTask& task, const CaptionScores& scores,
                            const Relevance& audio_of_text, std::span<const std::size_t> audios) {
  if (!task.ranked_metrics) return {};
  std::vector<std::vector<std::size_t>> texts_of(scores.a2t->values.rows);
  for (std::size_t t = 0; t < audio_of_text.size(); ++t) texts_of[audio_of_text[t]].push_back(t);
  std::vector<std::size_t> texts;
  for (const std::size_t audio : audios)
    texts.insert(texts.end(), texts_of[audio].begin(), texts_of[audio].end());
  return means_of(scores, texts, audios);
}

std::vector<std::string> ranked_metric_names(const RetrievalTask& task) {
  std::vector<std::string> names;
  if (!task.ranked_metrics) return names;
  for (const char* direction : {"t2a.", "a2t."}) {
    for (const std::string& name : judged_query_metrics()) names.push_back(direction + name);
  }
  return names;
}

MetricValues mteb_metrics(const JudgedScores& scores) {
  MetricValues values = to_metrics(scores);
  std::erase_if(values, [](const MetricValue& v) {
    return v.metric.starts_with("dcase_") || v.metric.starts_with("n_");
  });
  return values;
}

MetricValues mteb_metrics(const RetrievalTask& task, const CaptionScores& scores) {
  if (task.options.mteb == MtebKind::none) return {};
  return mteb_metrics(task.options.mteb == MtebKind::text_to_audio ? *scores.t2a : *scores.a2t);
}

}  // namespace claptools
