#include "claptools/runs/merge_files.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/store/file_set.hpp"
#include "claptools/store/row_blocks.hpp"

namespace claptools {
namespace {

/// In the order of the rows: shards, then other files as given.
std::vector<SetMember> open_shards(std::span<const std::string> files,
                                   KeptInputs<EmbeddingReader>& inputs) {
  std::vector<SetMember> shards = require_joinable(files, inputs);
  for (const SetMember& shard : shards) require_alike(shard, shards[0]);
  require_whole_set(shards);  // also of one alone
  const auto others = std::ranges::stable_partition(shards, is_shard);
  std::ranges::stable_sort(shards.begin(), others.begin(), {},
                           [](const SetMember& s) { return s.header.shard_index; });
  return shards;
}

/// All columns of meta/ that any of them has: a tar shard that could not be listed tells none.
std::vector<std::string> all_columns(const std::vector<SetMember>& shards) {
  std::vector<std::string> columns;
  for (const SetMember& shard : shards) {
    for (const std::string& column : shard.header.meta_columns) {
      if (std::ranges::find(columns, column) == columns.end()) columns.push_back(column);
    }
  }
  return columns;
}

/// Rows [first, first + count) of a column, empty texts if the file has none of that name.
std::vector<std::string> meta_values(const EmbeddingReader& file, const std::string& column,
                                     std::size_t first, std::size_t count) {
  const auto& columns = file.header().meta_columns;
  const auto at = std::ranges::find(columns, column);
  if (at == columns.end()) return std::vector<std::string>(count);
  const auto* const begin =
      file.meta(static_cast<std::size_t>(at - columns.begin())).data() + first;
  return {begin, begin + count};
}

void copy_rows(const EmbeddingReader& file, const std::vector<std::string>& columns,
               EmbeddingWriter& writer) {
  constexpr std::size_t kBlock = 256;
  const EmbeddingHeader& header = file.header();
  visit_blocks(file.rows(), kBlock, [&](std::size_t first, std::size_t count) {
    std::vector<std::vector<std::string>> meta;
    for (const std::string& column : columns)
      meta.push_back(meta_values(file, column, first, count));
    Matrix frames(0, header.dim);
    std::vector<std::size_t> counts;
    for (std::size_t row = first; header.frame_hop_s > 0 && row < first + count; ++row) {
      const Matrix of_row = file.frames(row);
      frames.data.insert(frames.data.end(), of_row.data.begin(), of_row.data.end());
      frames.rows += of_row.rows;
      counts.push_back(of_row.rows);
    }
    const Matrix embeddings = file.embeddings(first, count);
    writer.append(
        {std::span(file.segments()).subspan(first, count), embeddings, meta, frames, counts});
  });
}

/// Failures of all files, but for those that another file has rows of, such as one made with
/// --retry-failed; of several failures of an input the last one.
class Failures {
 public:
  void add(const EmbeddingReader& file) {
    const std::size_t before = errors_.size();
    for (InputError& error : file.errors()) {
      note_listed(error.id);
      const auto [at, is_new] = place_.try_emplace(error.id, errors_.size());
      if (is_new || at->second >= before) {
        errors_.push_back(std::move(error));
      } else {
        errors_[at->second] = std::move(error);
      }
    }
  }
  void drop_repaired(const EmbeddingReader& file) {
    if (errors_.empty()) return;
    for (const Segment& segment : file.segments()) {
      if (place_.contains(segment.id)) repaired_.insert(segment.id);
      note_listed(segment.id);
    }
  }
  void write(EmbeddingWriter& writer) const {
    for (const InputError& error : errors_) {
      if (!repaired_.contains(error.id)) writer.append_error(error);
    }
  }

 private:
  /// A tar shard that could not be listed failed by its own name, which those of its members begin
  /// with.
  void note_listed(const std::string& id) {
    for (std::size_t end = id.find('/'); end != std::string::npos; end = id.find('/', end + 1)) {
      const auto at = place_.find(id.substr(0, end));
      if (at != place_.end() && errors_[at->second].stage == "list") repaired_.insert(at->first);
    }
  }

  std::vector<InputError> errors_;
  std::unordered_map<std::string, std::size_t> place_;  ///< in errors_
  std::unordered_set<std::string> repaired_;
};

/// The files that a virtual output refers to, so that it cannot replace one of them.
std::vector<std::string> sources_of(const std::vector<SetMember>& shards,
                                    const MergeOptions& options) {
  std::vector<std::string> files;
  for (const SetMember& shard : shards) {
    if (!options.refer) break;
    std::error_code code;
    if (!can_reopen(shard.name))
      throw Error(Fault::usage, "`refer`", "cannot refer to '" + shard.name + "', a pipe");
    if (std::filesystem::equivalent(shard.name, options.output, code))
      throw Error(Fault::cannot_create, options.output, "is one of the files it would refer to");
    files.push_back(shard.name);
  }
  return files;
}

}  // namespace

bool merge_files(std::span<const std::string> files, const MergeOptions& options,
                 const std::atomic<bool>& stop) {
  if (files.empty()) throw Error(Fault::no_input, "files", "there are none to join");
  KeptInputs<EmbeddingReader> inputs = embedding_inputs();
  const std::vector<SetMember> shards = open_shards(files, inputs);
  EmbeddingHeader header = shards[0].header;
  header.meta_columns = all_columns(shards);
  header.shard_index = header.shard_count = 0;
  header.shard_deal.clear();
  header.tool = options.tool;
  header.command = options.command;
  header.created = options.created;
  EmbeddingWriter writer(options.output, header, options.overwrite, sources_of(shards, options));
  Failures failures;
  for (const SetMember& shard : shards) failures.add(*inputs.open(shard.name));
  for (const SetMember& shard : shards) {
    if (stop) return false;
    const auto file = inputs.open(shard.name);
    copy_rows(*file, header.meta_columns, writer);
    failures.drop_repaired(*file);
    for (const FileRecord& record : file->files()) writer.append_file(record);
  }
  failures.write(writer);
  writer.commit();
  return true;
}

}  // namespace claptools
