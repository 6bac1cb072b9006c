#include "cmd/query/index_search.hpp"

#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/pipeline/streams/spooled_audio.hpp"
#include "claptools/search/merge_hits.hpp"
#include "cmd/program/interrupt.hpp"

namespace claptools::cmd {
namespace {

const std::vector<std::string> kColumns{"query", "rank", "score", "id", "start_s", "end_s"};

constexpr std::size_t kBlock = 512;        // lines answered at a time
constexpr double kPlus = 1, kMinus = 0.5;  // weights of --and and --not
constexpr RealRange kWeight{0, 100};

std::vector<Cell> hit_cells(const std::string& query, std::size_t rank, Cell score,
                            const std::string& id, double start_s, double end_s) {
  return {text(query), count(rank), std::move(score), text(id), number(start_s), number(end_s)};
}

RowRange rows_of(const Shard& shard, std::size_t rows) {
  const ShardRange range = shard_range(shard, rows);
  return {range.begin, range.end - range.begin};
}

}  // namespace

IndexSearch::IndexSearch(const QuerySettings& settings, const Program& program)
    : settings_(settings),
      program_(program),
      searcher_(settings.indexes, settings.search),
      table_(settings.table, with_meta(kColumns, searcher_.rows().header.meta_columns)) {
  searcher_.restrict_to(rows_of(settings.shard, searcher_.rows().segments.size()));
  std::vector<QueryTerm> terms;
  for (const std::string& word : settings.plus) terms.push_back(parse_term(word, kPlus));
  for (const std::string& word : settings.minus) {
    terms.push_back(parse_term(word, kMinus));
    terms.back().weight *= -1;
  }
  if (!terms.empty()) searcher_.combine_with(model(), terms);
  if (!settings.playlist.empty()) playlist_.emplace(settings.playlist, settings.table.force);
  if (settings.page.empty()) return;
  const auto columns = with_meta(kColumns, searcher_.rows().header.meta_columns);
  page_.emplace(
      PageOptions{settings.page, settings.embed_audio, settings.table.force, program.threads},
      searcher_.rows(), std::vector(columns.begin() + kColumns.size(), columns.end()), page_facts(),
      program.messages);
}

/// Not the command line: pages of the same hits are the same.
PageRows IndexSearch::page_facts() const {
  const IndexRows& rows = searcher_.rows();
  PageRows facts{{"index", join(settings_.indexes, ", ")},
                 {"rows", std::to_string(rows.segments.size())},
                 {"model", rows.header.model_name}};
  for (const std::string& word : settings_.plus) facts.emplace_back("and", word);
  for (const std::string& word : settings_.minus) facts.emplace_back("not", word);
  facts.emplace_back("made by", program_.tool());
  return facts;
}

void IndexSearch::by_texts(std::span<const std::string> texts) {
  if (texts.empty()) return;
  const auto hits = searcher_.by_texts(model(), texts);
  for (std::size_t q = 0; q < texts.size(); ++q) print(texts[q], hits[q]);
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
  const RecordingAnswers answers{
      [&](const std::string& query, std::span<const Hit> hits) { print(query, hits); },
      [&](const InputError& e) { program_.messages.error(e.id + ": " + e.message); },
      [&](const std::string& id, const std::string& text) {
        program_.messages.warn(id + ": " + text);
      }};
  const std::atomic<bool>& stop = handle_interrupts();
  std::vector<SpooledAudio> opened;
  std::vector<AudioInput> recordings;
  for (const std::string& file : files)
    recordings.push_back({file, {opened.emplace_back(file, stop).path()}, {}});
  return searcher_.by_recordings(model(), recordings, answers, stop);
}

void IndexSearch::by_embeddings(const std::string& file) {
  searcher_.by_embeddings(
      file, [&](const std::string& query, std::span<const Hit> hits) { print(query, hits); });
}

const Model& IndexSearch::model() {
  if (!opened_) {
    opened_ = open_model(settings_.model, program_);
    searcher_.require_model(*opened_);
    opened_->model->check_texts();
  }
  return *opened_->model;
}

void IndexSearch::print(const std::string& query, std::span<const Hit> hits) {
  const IndexRows& rows = searcher_.rows();
  std::vector<PrintedHit> printed;
  for (std::size_t rank = 0; rank < hits.size(); ++rank) {
    const Hit& hit = hits[rank];
    const std::string& id = rows.segments[hit.row].id;
    std::vector<Cell> row = hit_cells(
        query, rank + 1, settings_.exact_scores ? exact_score(hit.score) : score(hit.score),
        settings_.absolute ? absolute_path(id) : id, hit.start_s, hit.end_s);
    for (const auto& column : rows.meta) row.push_back(text(column[hit.row]));
    table_.row(row);
    if (playlist_) playlist_->add(query, id, hit.start_s, hit.end_s);
    if (page_) printed.push_back({settings_.absolute ? absolute_path(id) : id, row[2].value});
  }
  if (!page_) return;
  table_.flush();  // the recordings are decoded for the page: that takes a while
  page_->add(query, hits, printed);
}

void IndexSearch::close() {
  table_.close();
  if (page_) page_->close();
  if (!playlist_) return;
  playlist_->close();
  if (playlist_->left_out() > 0) {
    program_.messages.warn(settings_.playlist + ": " + std::to_string(playlist_->left_out()) +
                           " hits left out: they lie in archives, or a path has a line break");
  }
}

QueryTerm parse_term(const std::string& word, double weight) {
  QueryTerm term{word, weight};
  const std::size_t mark = word.rfind('^');
  if (mark != word.npos && read_number(word.substr(mark + 1), kWeight, term.weight).empty())
    term.text = word.substr(0, mark);
  else
    term.weight = weight;
  if (term.text.empty()) throw Error(Fault::usage, "'" + word + "'", "has no text");
  return term;
}

void print_merged(std::span<const std::string> files, const HitOptions& options,
                  const TableOptions& table) {
  const HitTable merged = merge_hits(files, options);
  std::vector<std::string> columns = kColumns;
  columns.insert(columns.end(), merged.meta_columns.begin(), merged.meta_columns.end());
  TableWriter writer(table, std::move(columns));
  for (const HitTable::Row& hit : merged.rows) {
    std::vector<Cell> row = hit_cells(hit.query, hit.rank, Cell{hit.score, true}, hit.segment.id,
                                      hit.segment.start_s, hit.segment.end_s);
    for (const std::string& value : hit.meta) row.push_back(text(value));
    writer.row(row);
  }
  writer.close();
}

}  // namespace claptools::cmd
