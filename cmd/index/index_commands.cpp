#include "cmd/index/index_commands.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/store/timestamp.hpp"
#include "cmd/index/duplicates_command.hpp"
#include "cmd/index/index_edits.hpp"
#include "cmd/index/index_tables.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {

const ToolInfo kIndexTool = {"clap-index", "Make embedding files searchable.",
                             "  clap-index build recordings/ -o corpus.clapindex\n"
                             "  clap-index update corpus.clapindex recordings/\n"
                             "  clap-index build clips.h5 -o clips.clapindex\n"
                             "  clap-index add clips.clapindex more.h5\n"
                             "  clap-index export clips.clapindex --npy v.npy --tsv rows.tsv"};

namespace {

/// An index of one shard is part of a whole, which may not be what was meant.
void note_shard(const EmbeddingHeader& header, const std::string& path, const Program& program) {
  if (header.shard_count == 0) return;
  program.messages.warn(path + ": holds shard " + std::to_string(header.shard_index) + "/" +
                        std::to_string(header.shard_count) +
                        " alone; clap-index merge joins it with the others");
}

}  // namespace

const std::string& require_index(const std::string& path) {
  if (is_there(current_folder(path), Fault::no_input)) return path;
  throw Error(Fault::no_input, path, "no such index");
}

void write_index(const std::string& path, IndexDirectory& directory, const Program& program,
                 bool force) {
  EmbeddingHeader& header = directory.rows.header;
  header.tool = program.tool();
  header.command = program.command_line;
  header.created = utc_timestamp();
  write_index_directory(path, *directory.index, directory.rows, force);
}

int build_from_files(IndexOptions& options, const Program& program) {
  check_output(options);
  const OutputLock lock(options.output);
  require_creatable_folder(options.output, options.force);
  Progress progress(program, "indexed", "rows");
  if (!options.factory.empty()) options.build.factory = options.factory;
  options.build.threads = program.threads;
  IndexDirectory directory =
      build_index(options.inputs, options.build, [&](std::size_t rows) { progress.update(rows); });
  note_shard(directory.rows.header, options.output, program);
  write_index(options.output, directory, program, options.force);
  progress.finish(directory.index->size());
  return 0;
}

namespace {

int merge(IndexOptions& options, const Program& program) {
  if (!options.factory.empty()) return build_from_files(options, program);
  check_output(options);
  const OutputLock lock(options.output);
  require_creatable_folder(options.output, options.force);
  Progress progress(program, "merged", "rows");
  IndexDirectory directory = merge_indexes(options.inputs, program.threads,
                                           [&](std::size_t rows) { progress.update(rows); });
  write_index(options.output, directory, program, options.force);
  progress.finish(directory.index->size());
  return 0;
}

int info(const IndexOptions& options) {
  if (options.health)
    print_index_health(options.index, options.table);
  else
    print_index_info(options.index, options.table);
  return 0;
}

int export_index(const IndexOptions& options, const Program& program) {
  const std::array<std::pair<const char*, const std::string&>, 3> tables = {
      {{"tsv", options.tsv}, {"csv", options.csv}, {"jsonl", options.jsonl}}};
  const bool has_table =
      std::ranges::any_of(tables, [](const auto& table) { return !table.second.empty(); });
  if (options.npy.empty() && options.parquet.empty() && !has_table && options.ann.output.empty()) {
    throw Error(Fault::usage, "export", "give --npy, --tsv, --csv, --jsonl, --parquet or --hdf5");
  }
  check_exports(options);
  const auto source = open_row_source(options.index);
  if (!options.npy.empty()) write_vectors(*source, options.npy, options.force);
  if (!options.parquet.empty()) write_parquet(*source, options.parquet, options.force);
  for (const auto& [format, path] : tables)
    if (!path.empty()) write_rows(*source, path, format, options.force);
  if (!options.ann.output.empty()) {
    if (options.ann.queries.empty())
      throw Error(Fault::usage, "--hdf5", "give --queries FILE as well");
    export_ann(*source, options.index, options.ann, program.threads, options.force);
  }
  return 0;
}

void add_edits(const std::shared_ptr<IndexOptions>& options, const Program& program,
               const AddCommand& command) {
  CLI::App* one = command("add", "Append the rows of embedding files to an index.",
                          [=, &program] { return add_rows(*options, program); });
  add_index(*one, *options);
  add_inputs(*one, *options, "FILE", "embedding files");
  one->add_flag("--replace", options->replace,
                "replace the rows of ids that the index has already");
  one = command("remove", "Remove the rows of recordings from an index.",
                [=, &program] { return remove_rows(*options, program); });
  add_index(*one, *options);
  add_inputs(*one, *options, "ID", "ids or patterns; -: lines of standard input");
  one->add_flag("-0,--null", options->nul_separated,
                "lines of standard input end with NUL, not a line break");
  one = command("compact", "Drop what no search needs from an index.",
                [=, &program] { return compact(*options, program); });
  add_index(*one, *options);
}

void add_row_commands(const std::shared_ptr<IndexOptions>& options, const Program& program,
                      const AddCommand& command) {
  add_edits(options, program, command);
  CLI::App* one = command("merge", "Make one index from several, in the order given.",
                          [=, &program] { return merge(*options, program); });
  add_inputs(*one, *options, "INDEX", "index directories");
  add_output(*one, *options);
  add_factory(*one, *options, "build a new index of this type (default: keep theirs)");
  one = command("info", "Describe an index.", [=] { return info(*options); });
  add_index(*one, *options);
  one->add_flag("--health", options->health, "count the files that are gone or have changed");
  add_table_options(*one, options->table);
  const auto search = std::make_shared<DuplicatesOptions>();
  one = command("duplicates", "List recordings that are in an index more than once.",
                [=, &program] { return print_duplicates(*search, program); });
  add_duplicates(*one, *search);
  one = command("export", "Write vectors and rows for other programs.",
                [=, &program] { return export_index(*options, program); });
  add_export(*one, *options);
}

}  // namespace

Action set_up_index(CLI::App& app, const Program& program, const MoreCommands& more) {
  const auto options = std::make_shared<IndexOptions>();
  const auto action = std::make_shared<Action>();
  const AddCommand command = [&](const char* name, const char* description, Action work) {
    CLI::App* sub = app.add_subcommand(name, description);
    sub->callback([action, work = std::move(work)] { *action = work; });
    return sub;
  };
  app.require_subcommand(1);
  if (more) more(options, command);
  add_row_commands(options, program, command);
  return [action] { return (*action)(); };
}

}  // namespace claptools::cmd
