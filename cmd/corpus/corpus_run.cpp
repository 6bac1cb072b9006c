#include "cmd/corpus/corpus_run.hpp"

#include <array>
#include <utility>

#include "cmd/embed/embed_progress.hpp"
#include "cmd/program/interrupt.hpp"

namespace claptools::cmd {
namespace {

void say_failed(const InputError& failure, const Program& program) {
  program.messages.error(failure.id, failure.message);
}

}  // namespace

void say_broken(const Corpus& corpus, const Program& program) {
  for (const InputError& input : corpus.broken) say_failed(input, program);
}

int embed_pending(PendingRows& pending, std::vector<AudioInput> inputs, const Model& model,
                  const EmbedOptions& options, const std::string& index, const Program& program) {
  if (inputs.empty()) return 0;
  const std::atomic<bool>& stop = handle_interrupts();
  EmbedProgress progress(program, inputs.size());
  const auto ended = [&](const PartInput& input, const InputError* failure) {
    if (failure != nullptr) say_failed(*failure, program);
    if (!input.warning.empty()) program.messages.warn(input.id + ": " + input.warning);
    progress.add(input, failure != nullptr, false);
  };
  const bool all = pending.embed(model, std::move(inputs), options, ended, stop);
  if (all) {
    progress.finish();
    return 0;
  }
  if (pending.size() > 0)
    program.messages.note(index + ": interrupted, unchanged; " + std::to_string(pending.size()) +
                          " clips are kept for the next run");
  return interrupted_code();
}

std::string describe(const UpdateCounts& counts) {
  const std::array<std::pair<std::size_t, const char*>, 7> parts = {
      {{counts.added, "added"},
       {counts.changed, "changed"},
       {counts.moved, "moved"},
       {counts.copied, "copied"},
       {counts.removed, "removed"},
       {counts.refreshed, "refreshed"},
       {counts.failed, "failed"}}};
  std::string text;
  for (const auto& [count, word] : parts)
    if (count > 0) text += std::to_string(count) + " " + word + ", ";
  return text + std::to_string(counts.kept) + " unchanged";
}

UpdateEvents update_events(const std::string& index, const IndexDirectory& directory,
                           const Program& program) {
  UpdateEvents events;
  events.rebuilds = [&, index](std::size_t vectors) {
    if (!program.messages.quiet)
      program.messages.note(index + ": " + directory.index->type() +
                            " removes no vectors: building its graph again through " +
                            std::to_string(vectors));
  };
  return events;
}

}  // namespace claptools::cmd
