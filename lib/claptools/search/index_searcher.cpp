#include "claptools/search/index_searcher.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "claptools/core/error.hpp"
#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/pipeline/embed_texts.hpp"
#include "claptools/store/row_blocks.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlock = 512;  // queries searched at a time
constexpr double kLeastNorm = 1e-3;  // below it a sum of unit vectors is rounding, not a direction

SearchDirectory open_indexes(std::span<const std::string> indexes, const SearchOptions& options) {
  SearchDirectory directory = open_search_directories(indexes, options.threads);
  directory.index->set_effort(options.effort);
  return directory;
}

EmbedOptions embed_like(const EmbeddingHeader& header, const Model& model) {
  EmbedOptions options;
  options.window_s = header.window_s > 0 ? header.window_s : model.spec().audio.window_s;
  options.hop_s = header.hop_s > 0 ? header.hop_s : options.window_s;
  if (!header.short_audio.empty()) options.short_audio = parse_short_audio(header.short_audio);
  // One query for each recording: joined like the rows where those stand for whole recordings,
  // else by the paper's pooling, or the mean of a model without a codebook.
  options.pooling = model.spec().codewords > 0 ? Pooling::codebook : Pooling::mean;
  for (const Pooling whole : {Pooling::codebook, Pooling::mean, Pooling::first, Pooling::fusion})
    if (to_string(whole) == pooling_of(header.space)) options.pooling = whole;
  return options;
}

InputSource source_of(std::span<const AudioInput> recordings) {
  return [recordings, next = std::size_t{0}]() mutable -> std::optional<AudioInput> {
    if (next == recordings.size()) return std::nullopt;
    return recordings[next++];
  };
}

}  // namespace

IndexSearcher::IndexSearcher(std::span<const std::string> indexes, const SearchOptions& options)
    : options_(options),
      name_(indexes[0]),
      directory_(open_indexes(indexes, options)),
      range_{0, directory_.index->size()} {}

void IndexSearcher::require_model(const OpenedModel& opened) const {
  require_same_model(opened, name_, header());
}

void IndexSearcher::combine_with(const Model& model, std::span<const QueryTerm> terms) {
  std::vector<std::string> texts;
  for (const QueryTerm& term : terms) texts.push_back(term.text);
  const Matrix vectors = embed_texts(model, texts, options_.threads);
  added_.assign(vectors.cols, 0);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const auto weight = static_cast<float>(terms[t].weight);
    for (std::size_t c = 0; c < vectors.cols; ++c) added_[c] += weight * vectors.row(t)[c];
  }
}

/// Unit rows again.
Matrix IndexSearcher::combined(MatrixView vectors, std::span<const std::string> names) const {
  Matrix sums(vectors.rows, vectors.cols);
  for (std::size_t q = 0; q < vectors.rows; ++q) {
    const std::span<float> sum = sums.row(q);
    std::ranges::transform(vectors.row(q), added_, sum.begin(), std::plus<>());
    const double norm = std::sqrt(std::inner_product(sum.begin(), sum.end(), sum.begin(), 0.0));
    if (norm < kLeastNorm)
      throw Error(Fault::data, names[q], "nothing is left of it: the texts cancel each other");
    for (float& value : sum) value = static_cast<float>(value / norm);
  }
  return sums;
}

std::vector<std::vector<Hit>> IndexSearcher::by_vectors(MatrixView vectors,
                                                        std::span<const std::string> names) const {
  const std::span<const std::string> own =
      options_.exclude_self ? names : std::span<const std::string>();
  const auto find = [&](MatrixView queries) {
    return find_hits(*directory_.index, directory_.rows.segments, range_, queries, options_.hits,
                     own);
  };
  return added_.empty() ? find(vectors) : find(combined(vectors, names));
}

std::vector<std::vector<Hit>> IndexSearcher::by_texts(const Model& model,
                                                      std::span<const std::string> texts) const {
  std::vector<std::vector<Hit>> hits;
  visit_blocks(texts.size(), kBlock, [&](std::size_t first, std::size_t count) {
    const auto block = texts.subspan(first, count);
    const Matrix vectors = embed_texts(model, block, options_.threads);
    for (auto& of_text : by_vectors(vectors, block)) hits.push_back(std::move(of_text));
  });
  return hits;
}

std::size_t IndexSearcher::by_recordings(const Model& model, std::span<const AudioInput> recordings,
                                         const RecordingAnswers& answers,
                                         const std::atomic<bool>& stop) const {
  const RowSink sink{[&](const EmbeddingRows& rows) {
                       answer_rows(rows.segments, rows.embeddings, answers.answer);
                     },
                     answers.error,
                     {},
                     {},
                     answers.warning};
  EmbedOptions options = embed_like(header(), model);
  options.threads = options_.threads;
  options.stream = options_.stream;
  return embed_audio(model, source_of(recordings), options, sink, stop).failed;
}

void IndexSearcher::by_embeddings(const std::string& file, const AnswerSink& answer) const {
  const EmbeddingReader reader(file);
  const EmbeddingHeader& queries = reader.header();
  if (queries.model_sha256 != header().model_sha256) {
    throw Error(Fault::data, file,
                "was made with model " + describe_model(queries.model_name, queries.model_sha256) +
                    ", the index with " +
                    describe_model(header().model_name, header().model_sha256));
  }
  if (are_of_other_models(queries.space, header().space))
    throw Error(Fault::data, file, other_space(queries.space, header().space));
  visit_blocks(reader.rows(), kBlock, [&](std::size_t first, std::size_t count) {
    answer_rows(std::span(reader.segments()).subspan(first, count), reader.embeddings(first, count),
                answer);
  });
}

void IndexSearcher::answer_rows(std::span<const Segment> segments, MatrixView vectors,
                                const AnswerSink& answer) const {
  std::vector<std::string> ids;
  for (const Segment& segment : segments) ids.push_back(segment.id);
  const auto hits = by_vectors(vectors, ids);
  for (std::size_t q = 0; q < hits.size(); ++q) answer(ids[q], hits[q]);
}

std::vector<std::vector<FoundRow>> search_texts(const OpenedModel& opened,
                                                std::span<const std::string> indexes,
                                                std::span<const std::string> texts,
                                                const SearchOptions& options) {
  const IndexSearcher searcher(indexes, options);
  searcher.require_model(opened);
  std::vector<std::vector<FoundRow>> found;
  for (const auto& hits : searcher.by_texts(*opened.model, texts)) {
    auto& rows = found.emplace_back();
    for (const Hit& hit : hits) {
      rows.push_back({searcher.rows().segments[hit.row].id, hit.start_s, hit.end_s, hit.score});
    }
  }
  return found;
}

}  // namespace claptools
