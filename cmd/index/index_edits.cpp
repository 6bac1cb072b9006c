#include "cmd/index/index_edits.hpp"

#include <string>
#include <vector>

#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/index/rows/edit_index.hpp"
#include "cmd/index/index_commands.hpp"
#include "cmd/options/output_name.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {
namespace {

/// An index that is locked until it has been written: rows that another process adds after it was
/// read would be lost.
struct OpenedIndex {
  explicit OpenedIndex(const std::string& path)
      : lock(require_index(path)), directory(read_index_directory(path)) {}

  OutputLock lock;
  IndexDirectory directory;
};

/// "1 row", "2 rows".
std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void say(const Program& program, const std::string& text) {
  if (!program.messages.quiet) program.messages.note(text);
}

/// What cannot be taken out of the index is built again.
void say_cost(const Index& index, const std::string& path, const Program& program) {
  if (!index.can_move_vectors())
    say(program, path + ": " + index.type() + " removes no vectors: building its graph again");
}

/// Arguments and, for "-", lines of standard input.
std::vector<std::string> read_words(const IndexOptions& options) {
  require_one_stream(options.inputs);
  std::vector<std::string> words;
  for (const std::string& word : options.inputs) {
    if (word != "-") {
      words.push_back(word);
      continue;
    }
    InputStream in(word);
    LineReader lines(in, in.subject(), options.nul_separated ? '\0' : '\n');
    for (std::string line; lines.next_name(line);)
      if (!line.empty()) words.push_back(line);
  }
  return words;
}

}  // namespace

int add_rows(const IndexOptions& options, const Program& program) {
  OpenedIndex opened(options.index);
  IndexDirectory& directory = opened.directory;
  directory.index->set_threads(program.threads);
  if (options.replace) say_cost(*directory.index, options.index, program);
  std::size_t added = 0;
  Progress progress(program, "added", "rows");
  extend_index(directory, options.inputs, options.replace,
               [&](std::size_t rows) { progress.update(added = rows); });
  write_index(options.index, directory, program, true);
  progress.finish(added);
  return 0;
}

int remove_rows(const IndexOptions& options, const Program& program) {
  const std::vector<std::string> words = read_words(options);
  OpenedIndex opened(options.index);
  opened.directory.index->set_threads(program.threads);
  const Removal removal = claptools::remove_rows(opened.directory, words);
  for (const std::string& word : removal.unknown)
    program.messages.detail(options.index + ": no rows of '" + word + "'");
  if (removal.rows > 0) {
    say_cost(*opened.directory.index, options.index, program);
    write_index(options.index, opened.directory, program, true);
  }
  say(program, options.index + ": removed " + counted(removal.rows, "row") + " of " +
                   counted(removal.files, "recording"));
  if (removal.unknown.size() == 1)
    program.messages.warn(options.index + ": has no rows of '" + removal.unknown.front() + "'");
  else if (!removal.unknown.empty())
    program.messages.warn(options.index + ": has no rows of " +
                          std::to_string(removal.unknown.size()) + " of the ids given (-v)");
  return 0;
}

int compact(const IndexOptions& options, const Program& program) {
  OpenedIndex opened(options.index);
  opened.directory.index->set_threads(program.threads);
  const Compaction dropped = compact_index(opened.directory);
  if (dropped == Compaction()) {
    say(program, options.index + ": nothing to drop");
    return 0;
  }
  write_index(options.index, opened.directory, program, true);
  say(program, options.index + ": dropped " + counted(dropped.duplicates, "duplicate row") + ", " +
                   counted(dropped.columns, "empty column") + ", " +
                   counted(dropped.records, "unused record"));
  return 0;
}

}  // namespace claptools::cmd
