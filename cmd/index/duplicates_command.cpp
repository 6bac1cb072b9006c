#include "cmd/index/duplicates_command.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>

#include "claptools/index/search_directories.hpp"
#include "cmd/options/option_types.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/interrupt.hpp"
#include "cmd/program/progress.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {
namespace {

constexpr std::uint64_t kMaxPairs = 1'000'000'000;

const std::vector<std::string> kColumns{
    "group",         "score",       "id",       "start_s", "end_s", "other_id",
    "other_start_s", "other_end_s", "offset_s", "windows", "share", "keep"};

void print(const Duplicate& duplicate, TableWriter& table) {
  const RecordingMatch& match = duplicate.match;
  table.row(std::array{count(duplicate.group), score(double{match.score}), text(duplicate.id),
                       number(match.first_span.start_s), number(match.first_span.end_s),
                       text(duplicate.other_id), number(match.second_span.start_s),
                       number(match.second_span.end_s), number(match.offset_s),
                       count(match.windows), score(duplicate.share), text(duplicate.keep)});
}

}  // namespace

void add_duplicates(CLI::App& command, DuplicatesOptions& options) {
  command
      .add_option("INDEX", options.indexes,
                  "index directories or embedding files, searched as if they were one")
      ->required();
  add_number(command, "--threshold", options.search.pairs.threshold, RealRange{0, 1},
             "least score of two windows that match (0.99)", "SCORE");
  add_number(command, "--min-share", options.search.min_share, kShare,
             "least share of the shorter recording that a match covers (0)", "SHARE");
  add_number(command, "--max-pairs", options.search.pairs.max_pairs, WholeRange{1, kMaxPairs},
             "give up at more pairs of windows (50000000)", "N");
  command.add_flag("--no-files", options.rows_only,
                   "do not look at the files to choose the copy to keep");
  add_table_options(command, options.table);
}

int print_duplicates(DuplicatesOptions& options, const Program& program) {
  require_one_stream(options.indexes);
  require_no_input(options.table.output, options.indexes);
  check_table_name(options.table);
  require_creatable(options.table.output, options.table.force);
  const SearchDirectory directory = open_search_directories(options.indexes, program.threads);
  const auto rows = static_cast<double>(directory.rows.segments.size());
  Progress progress(program, "compared", "rows", directory.rows.segments.size());
  options.search.read_files = !options.rows_only;
  options.search.pairs.threads = program.threads;
  options.search.pairs.stop = &handle_interrupts();
  options.search.pairs.progress = [&](double share) {
    progress.update(static_cast<std::size_t>(std::floor(rows * share)));
  };
  options.search.files_progress = [&](std::size_t done, std::size_t all) {
    progress.show([&] {
      return "looked at " + std::to_string(done) + " of " + std::to_string(all) + " files";
    });
  };
  const std::vector<Duplicate> duplicates = find_duplicates(directory, options.search);
  if (const int code = interrupted_code()) return code;
  TableWriter table(options.table, kColumns);
  for (const Duplicate& duplicate : duplicates) print(duplicate, table);
  table.close();
  progress.finish(directory.rows.segments.size());
  return 0;
}

}  // namespace claptools::cmd
