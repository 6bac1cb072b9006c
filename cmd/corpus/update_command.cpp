#include "cmd/corpus/update_command.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_lock.hpp"
#include "claptools/corpus/index_settings.hpp"
#include "claptools/index/find_hits.hpp"
#include "claptools/index/rows/index_health.hpp"
#include "claptools/store/timestamp.hpp"
#include "cmd/corpus/corpus_run.hpp"
#include "cmd/index/index_commands.hpp"
#include "cmd/program/progress.hpp"

namespace claptools::cmd {
namespace {

void print_plan(const Corpus& corpus, const std::vector<PlannedFile>& plan,
                const TableOptions& options) {
  TableWriter table(options, {"action", "id", "from"});
  const auto stored = [&](const PlannedFile& file) {
    return corpus.stored[*file.stored].record.id;
  };
  for (const PlannedFile& file : plan) {
    if (file.action == UpdateAction::keep || file.action == UpdateAction::skip) continue;
    const std::string id = file.found ? corpus.found[*file.found].id : stored(file);
    const bool has_source = file.action == UpdateAction::move || file.action == UpdateAction::copy;
    table.row(
        std::array{text(to_string(file.action)), text(id), text(has_source ? stored(file) : "")});
  }
  table.close();
}

IndexRows read_recording_rows(const std::string& index) {
  IndexRows rows = read_directory_rows(require_index(index));
  if (rows.header.kind == "audio") return rows;
  throw Error(Fault::data, index, "is an index of texts; only one of recordings can be updated");
}

/// Seen from another folder than the index was built in, all its files would be there once more.
void require_same_folder(const Corpus& corpus, const std::vector<PlannedFile>& plan,
                         const std::string& index) {
  for (const PlannedFile& file : plan) {
    if (file.action != UpdateAction::copy) continue;
    const std::string& id = corpus.stored[*file.stored].record.id;
    const std::string& found = corpus.found[*file.found].id;
    if (!absolute_path(found).ends_with("/" + id) || stamp_of_id(id).size >= 0) continue;
    throw Error(Fault::usage, index,
                "calls " + found + " '" + id + "': update it in the folder in which it was built");
  }
}

EmbedOptions embed_options(const UpdateOptions& options, const EmbeddingHeader& header,
                           const Model& model, int threads) {
  EmbedOptions result = options_of(header, options.index);
  result.file_timeout_s = options.file_timeout_s;
  result.threads = threads;
  result.batch = batch_of(options.batch, model);
  result.workers = workers_of(model);
  return result;
}

class Update {
 public:
  Update(const UpdateOptions& options, const Program& program)
      : options_(options),
        program_(program),
        rows_(read_recording_rows(options.index)),
        corpus_(find_corpus(inputs(), rows_, program.threads)),
        plan_(make_plan()) {
    require_same_folder(corpus_, plan_, options.index);
  }

  int print() const {
    say_broken(corpus_, program_);
    print_plan(corpus_, plan_, options_.table);
    return corpus_.broken.empty() ? 0 : 1;
  }

  int run() {
    PendingRows pending(options_.index, pending_run(rows_.header), program_.messages.log());
    say_broken(corpus_, program_);
    if (!changes_index(plan_)) return answer_nothing(pending);
    if (const int code = embed(pending)) return code;
    IndexDirectory directory = read_index_directory(options_.index);
    directory.index->set_threads(program_.threads);
    apply_update(directory, corpus_, plan_, pending,
                 update_events(options_.index, directory, program_));
    write_index(options_.index, directory, program_, true);
    return answer(pending);
  }

 private:
  CorpusInputs inputs() const {
    CorpusInputs inputs = to_corpus_inputs(options_.corpus, program_);
    inputs.mirror = options_.mirror;
    inputs.allow_empty = options_.allow_empty;
    return inputs;
  }

  std::vector<PlannedFile> make_plan() const {
    Progress progress(program_, "read", "files to compare their contents");
    return plan_update(corpus_, rows_,
                       {options_.checksum, parse_timestamp(rows_.header.created).value_or(0)},
                       program_.threads, [&](std::size_t files) { progress.update(files); });
  }

  int embed(PendingRows& pending) const {
    std::vector<AudioInput> inputs = inputs_to_embed(corpus_, plan_, pending);
    if (inputs.empty()) return 0;
    const OpenedModel opened = open_model(options_.model, program_, Workload::audio,
                                          precision_of(rows_.header, options_.index));
    require_same_model(opened, options_.index, rows_.header);
    return embed_pending(pending, std::move(inputs), *opened.model,
                         embed_options(options_, rows_.header, *opened.model, program_.threads),
                         options_.index, program_);
  }

  int answer_nothing(PendingRows& pending) const {
    const UpdateCounts counts = count_update(corpus_, plan_, pending);
    pending.remove();
    say("is up to date: " + describe(counts));
    return counts.failed > 0 ? 1 : 0;
  }

  int answer(PendingRows& pending) const {
    const UpdateCounts counts = count_update(corpus_, plan_, pending);
    pending.remove();
    say(describe(counts));
    return counts.failed > 0 ? 1 : 0;
  }

  void say(const std::string& text) const {
    if (!program_.messages.quiet) program_.messages.note(options_.index + ": " + text);
  }

  const UpdateOptions& options_;
  const Program& program_;
  IndexRows rows_;
  Corpus corpus_;
  std::vector<PlannedFile> plan_;
};

}  // namespace

int update(UpdateOptions& options, const Program& program) {
  check(options.corpus, program);
  while (options.index.size() > 1 && options.index.ends_with('/')) options.index.pop_back();
  if (options.dry_run) return Update(options, program).print();
  const OutputLock lock(require_index(options.index));  // from the first look at its rows
  return Update(options, program).run();
}

}  // namespace claptools::cmd
