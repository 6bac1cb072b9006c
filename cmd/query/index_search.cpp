#include "cmd/query/index_search.hpp"

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/pipeline/embed_texts.hpp"
#include "cmd/model/audio_options.hpp"
#include "cmd/program/interrupt.hpp"

namespace claptools::cmd {
namespace {

constexpr std::size_t kBlock = 512;  // queries searched at a time

SearchDirectory open_indexes(const SearchOptions& options, int threads) {
  SearchDirectory directory = open_search_directories(options.indexes, threads);
  directory.index->set_effort(options.effort);
  return directory;
}

RowRange rows_of(const Shard& shard, std::size_t rows) {
  const ShardRange range = shard_range(shard, rows);
  return {range.begin, range.end - range.begin};
}

EmbedOptions embed_like(const EmbeddingHeader& header, const Model& model, int threads) {
  EmbedOptions options;
  options.window_s = header.window_s > 0 ? header.window_s : model.spec().audio.window_s;
  options.hop_s = header.hop_s > 0 ? header.hop_s : options.window_s;
  if (!header.short_audio.empty()) options.short_audio = parse_short_audio(header.short_audio);
  // The paper's pooling of several windows where the model has a codebook, else their mean.
  options.pooling = model.spec().codewords > 0 ? Pooling::codebook : Pooling::mean;
  options.threads = threads;
  return options;
}

}  // namespace

IndexSearch::IndexSearch(const SearchOptions& options, const Program& program)
    : options_(options),
      program_(program),
      directory_(open_indexes(options, program.threads)),
      rows_(rows_of(options.shard, directory_.index->size())),
      table_(options.table, with_meta({"query", "rank", "score", "id", "start_s", "end_s"},
                                      header().meta_columns)) {}

void IndexSearch::by_texts(std::span<const std::string> texts) {
  while (!texts.empty()) {
    const auto block = texts.first(std::min(kBlock, texts.size()));
    answer(block, embed_texts(model(), block, program_.threads));
    texts = texts.subspan(block.size());
  }
}

void IndexSearch::by_lines(LineSource& lines) {
  for (auto block = lines.next(kBlock); !block.empty(); block = lines.next(kBlock)) {
    std::erase(block, "");
    by_texts(block);
    table_.flush();
  }
}

std::size_t IndexSearch::by_audio(const std::vector<std::string>& files) {
  if (files.empty()) return 0;
  std::vector<AudioInput> inputs;
  for (const std::string& file : files) inputs.push_back({file, file, {}});
  const RowSink sink{[&](const EmbeddingRows& rows) { by_rows(rows.segments, rows.embeddings); },
                     [&](const InputError& e) { program_.messages.error(e.id + ": " + e.message); },
                     {},
                     {},
                     [&](const std::string& id, const std::string& text) {
                       program_.messages.warn(id + ": " + text);
                     }};
  EmbedOptions options = embed_like(header(), model(), program_.threads);
  options.stream = options_.stream;
  return embed_audio(model(), in_order(inputs), options, sink, handle_interrupts()).failed;
}

void IndexSearch::by_embeddings(const std::string& file) {
  const EmbeddingReader reader(file);
  const EmbeddingHeader& queries = reader.header();
  if (queries.model_sha256 != header().model_sha256) {
    throw Error(Fault::data, file,
                "was made with model " + describe_model(queries.model_name, queries.model_sha256) +
                    ", the index with " +
                    describe_model(header().model_name, header().model_sha256));
  }
  for (std::size_t first = 0; first < reader.rows(); first += kBlock) {
    const std::size_t count = std::min(kBlock, reader.rows() - first);
    by_rows(std::span(reader.segments()).subspan(first, count), reader.embeddings(first, count));
  }
}

const Model& IndexSearch::model() {
  if (!opened_) {
    opened_ = open_model(options_.model, program_);
    require_same_model(*opened_, options_.indexes[0], header().model_name, header().model_sha256);
    opened_->model->check_texts();
  }
  return *opened_->model;
}

void IndexSearch::by_rows(std::span<const Segment> segments, MatrixView vectors) {
  std::vector<std::string> names;
  for (const Segment& segment : segments) names.push_back(segment.id);
  answer(names, vectors);
}

void IndexSearch::answer(std::span<const std::string> queries, MatrixView vectors) {
  const auto hits =
      find_hits(*directory_.index, directory_.rows.segments, rows_, vectors, options_.hits);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    for (std::size_t rank = 0; rank < hits[q].size(); ++rank) {
      print(queries[q], rank + 1, hits[q][rank]);
    }
  }
}

void IndexSearch::print(const std::string& query, std::size_t rank, const Hit& hit) {
  const Segment& segment = directory_.rows.segments[hit.row];
  std::vector<Cell> row{text(query),
                        count(rank),
                        options_.exact_scores ? exact_score(hit.score) : score(hit.score),
                        text(segment.id),
                        number(hit.start_s),
                        number(hit.end_s)};
  for (const auto& column : directory_.rows.meta) row.push_back(text(column[hit.row]));
  table_.row(row);
}

}  // namespace claptools::cmd
