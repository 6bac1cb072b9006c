#include "claptools/runs/embedding_output.hpp"

#include <utility>

namespace claptools {

EmbeddingOutput::EmbeddingOutput(const RunOutput& output, EmbeddingHeader header) {
  if (output.path != "-") {
    lock_.emplace(output.path);  // before anything of another run is looked at
    journal_.emplace(output.path, RunOrigin{output.fingerprint, header.command, header.created},
                     output.mode, output.log);
    header.command = journal_->origin().command;
    header.created = journal_->origin().created;
  }
  writer_.emplace(output.path, header, output.mode == RunJournal::Mode::force);
}

PartWriter* EmbeddingOutput::open_part() {
  return journal_ ? &journal_->open_part(part_from_) : nullptr;
}

void EmbeddingOutput::append(const EmbeddingRows& rows) {
  writer_->append(rows);
  if (PartWriter* const to = open_part()) to->append(rows);
}

void EmbeddingOutput::append_error(const InputError& error) {
  writer_->append_error(error);
  if (PartWriter* const to = open_part()) to->append_error(error);
}

void EmbeddingOutput::end_input(const PartInput& input, const RunPosition& next,
                                bool can_resume_here) {
  if (PartWriter* const to = open_part()) to->end_input(input, next, can_resume_here);
  note_file(input);
  position_ = next;
  if (can_resume_here) kept_ = next.inputs;
}

/// Not the time of its last change: copies of the inputs give the same file.
void EmbeddingOutput::note_file(const PartInput& input) {
  if (!input.sha256.empty()) writer_->append_file({input.id, input.stamp.size, -1, input.sha256});
}

bool EmbeddingOutput::end_part() {
  part_from_ = position_;
  if (!journal_) return true;
  journal_->publish();
  return !journal_->has_part(position_);
}

bool EmbeddingOutput::replay_part(
    const std::function<bool(const std::vector<PartInput>&)>& is_current,
    const std::function<void(const PartInput&, const InputError*)>& ended) {
  const auto fits = [&](const PartReader& part) { return is_current(part.inputs()); };
  const auto found = journal_ ? journal_->find(position_, fits) : std::nullopt;
  if (!found) return false;
  found->replay({[&](const EmbeddingRows& rows) { writer_->append(rows); },
                 [&](const InputError& error) { writer_->append_error(error); },
                 [&](const PartInput& input, const InputError* failure) {
                   note_file(input);
                   ended(input, failure);
                 }});
  position_ = part_from_ = found->next();
  kept_ = position_.inputs;
  return true;
}

void EmbeddingOutput::commit() {
  writer_->commit();
  if (journal_) journal_->remove();
}

void EmbeddingOutput::discard() {
  writer_.reset();
  if (journal_) journal_->remove();
}

std::size_t EmbeddingOutput::interrupt() {
  if (!journal_) return 0;
  journal_->publish();
  return kept_;
}

}  // namespace claptools
