// clap-query: what in an index is most like a text, a recording or an embedding.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>

#include "claptools/core/error.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/run_main.hpp"
#include "cmd/query/index_search.hpp"

namespace claptools::cmd {
namespace {

constexpr ToolInfo kTool = {
    "clap-query", "Search an index by text, sound or embedding.",
    "  clap-query corpus.clapindex 'a dog barks' 'rain on a roof'\n"
    "  clap-query shards/*.clapindex -k 3 --group-by-file --audio bark.wav"};

constexpr std::uint64_t kMaxCandidates = 1 << 20;

struct QueryOptions {
  std::string first;  ///< INDEX; with --merge a table of hits
  std::vector<std::string> rest;
  std::vector<std::string> audio;
  std::string embeddings;
  std::string shard, stream = "best";
  bool merge = false;
  QuerySettings settings;
};

bool names_index(const std::string& word) {
  return word.ends_with(".clapindex") || word.ends_with(".clapindex/") || word.ends_with(".h5");
}

int merge(const QueryOptions& options) {
  std::vector<std::string> files{options.first};
  files.insert(files.end(), options.rest.begin(), options.rest.end());
  require_no_input(options.settings.table.output, files);
  print_merged(files, options.settings.search.hits, options.settings.table);
  return 0;
}

/// An output beside the table. @param inputs none of which it may be.
void check_further_output(const std::string& option, const std::string& path, Content content,
                          const QueryOptions& options, const std::vector<std::string>& inputs) {
  const TableOptions& table = options.settings.table;
  if (path.empty()) return;
  if (path == "-" && table.output == "-")
    throw Error(Fault::usage, option,
                "standard output is taken by the table; give one of the two a file");
  if (path == table.output) throw Error(Fault::usage, option, "is the file of another output");
  require_fitting_name(path, content);
  require_no_input(path, inputs);
  require_creatable(path, table.force);
}

void check_output(const QueryOptions& options) {
  const TableOptions& table = options.settings.table;
  std::vector<std::string> inputs = options.settings.indexes;
  inputs.insert(inputs.end(), options.audio.begin(), options.audio.end());
  if (!options.embeddings.empty()) inputs.push_back(options.embeddings);
  require_no_input(table.output, inputs);
  check_table_name(table);
  require_creatable(table.output, table.force);
  check_further_output("--m3u", options.settings.playlist, Content::playlist, options, inputs);
  check_further_output("--html", options.settings.page, Content::page, options, inputs);
  if (!options.settings.page.empty() && options.settings.page == options.settings.playlist)
    throw Error(Fault::usage, "--html", "is the file of another output");
}

int run(QueryOptions& options, const Program& program) {
  if (options.merge) return merge(options);
  const auto texts = std::ranges::find_if_not(options.rest, names_index);
  options.settings.shard = parse_shard(options.shard);
  options.settings.search.stream = parse_stream_choice(options.stream);
  options.settings.search.threads = program.threads;
  options.settings.indexes = {options.first};
  options.settings.indexes.insert(options.settings.indexes.end(), options.rest.begin(), texts);
  const bool is_dash =
      std::ranges::equal(std::ranges::subrange(texts, options.rest.end()), std::array{"-"});
  const bool reads_lines = is_dash || (texts == options.rest.end() && options.audio.empty() &&
                                       options.embeddings.empty());
  const auto uses_of_input = (reads_lines ? 1 : 0) + (options.embeddings == "-" ? 1 : 0) +
                             std::ranges::count(options.settings.indexes, "-") +
                             std::ranges::count(options.audio, "-");
  if (uses_of_input > 1)
    throw Error(Fault::usage, "-",
                "standard input cannot be both the index and the queries, nor two of either");
  check_output(options);
  IndexSearch search(options.settings, program);
  if (reads_lines) {
    LineSource lines("-", "query> ");
    search.by_lines(lines);
  }
  if (!is_dash) search.by_texts({texts, options.rest.end()});
  const std::size_t failed = search.by_audio(options.audio);
  if (!options.embeddings.empty()) search.by_embeddings(options.embeddings);
  if (const int code = interrupted_code()) return code;
  search.close();
  return failed + search.failed() > 0 ? 1 : 0;
}

/// What every query is joined with, and which hits are shown how.
void add_hits(CLI::App& app, QuerySettings& settings) {
  const auto add_texts = [&](const char* name, std::vector<std::string>& texts, const char* text) {
    app.add_option(name, texts, text)
        ->type_name("TEXT[^WEIGHT]")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  add_texts("--and", settings.plus, "add this text to each query (weight 1); may be repeated");
  add_texts("--not", settings.minus, "take this text from each query (weight 0.5)");
  app.add_flag("--exclude-self", settings.search.exclude_self,
               "do not find what a query itself is in the index");
  app.add_flag("--absolute", settings.absolute, "print ids as absolute paths");
  app.add_option("--m3u", settings.playlist, "also write the hits as a playlist")
      ->type_name("FILE");
  CLI::Option* page =
      app.add_option("--html", settings.page, "also write the hits as a page to look at and listen")
          ->type_name("FILE");
  app.add_flag("--embed-audio", settings.embed_audio, "put the sound of the hits into the page")
      ->needs(page);
}

void add_search(CLI::App& app, QueryOptions& options) {
  QuerySettings& settings = options.settings;
  add_number(app, "--nprobe", settings.search.effort.nprobe, WholeRange{1, kMaxCandidates, "lists"},
             "lists to search in an IVF index", "N");
  add_number(app, "--ef", settings.search.effort.ef, WholeRange{1, kMaxCandidates},
             "candidates to keep in an HNSW index", "N");
  app.add_option("--shard", options.shard,
                 "search the I-th of N parts of the rows, I from 0; or slurm")
      ->type_name("I/N");
  app.add_flag("--exact-scores", settings.exact_scores, "print all digits of a score, for --merge");
  CLI::Option* merge = app.add_flag("--merge", options.merge,
                                    "merge tables of hits: INDEX and TEXT are their files");
  for (const char* name :
       {"--audio", "--embeddings", "--nprobe", "--ef", "--shard", "--and", "--not",
        "--exclude-self", "--absolute", "--m3u", "--html", "--embed-audio"}) {
    merge->excludes(name);
  }
}

Action setup(CLI::App& app, const Program& program) {
  const auto options = std::make_shared<QueryOptions>();
  app.add_option("INDEX", options->first, "index directory or embedding file; more may follow")
      ->required();
  app.add_option("TEXT", options->rest, "queries; without any, or with -: lines of standard input");
  app.add_option("--audio", options->audio,
                 "use a recording as a query, which may come through a pipe; may be repeated")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--stream", options->stream,
                 "audio stream to read: best (default), N from 0, or a language")
      ->type_name("WHICH")
      ->needs("--audio");
  app.add_option("--embeddings", options->embeddings,
                 "use the rows of an embedding file as queries")
      ->type_name("FILE");
  add_number(app, "-k,--top-k", options->settings.search.hits.k, WholeRange{1},
             "results per query (10)", "N");
  add_number(app, "--min-score", options->settings.search.hits.min_score, RealRange{-1, 1},
             "leave out lower scores", "SCORE");
  app.add_flag("--group-by-file", options->settings.search.hits.by_file,
               "one line per id; with --min-score, join segments that touch");
  add_hits(app, options->settings);
  add_search(app, *options);
  add_table_options(app, options->settings.table);
  add_model_options(app, options->settings.model);
  return [options, &program] { return run(*options, program); };
}

}  // namespace
}  // namespace claptools::cmd

int main(int argc, char** argv) {
  return claptools::cmd::run_main(argc, argv, claptools::cmd::kTool, claptools::cmd::setup);
}
