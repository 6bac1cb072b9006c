#include "cmd/embed/embed_output.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools::cmd {
namespace {

RunJournal::Mode mode_of(const EmbedArguments& arguments) {
  if (arguments.resume) return RunJournal::Mode::resume;
  return arguments.force ? RunJournal::Mode::force : RunJournal::Mode::begin;
}

bool carries(const EmbeddingReader& file, std::size_t row, const std::vector<std::string>& meta) {
  for (std::size_t column = 0; column < meta.size(); ++column) {
    if (file.meta(column)[row] != meta[column]) return false;
  }
  return true;
}

/// Whether rows and errors come in the order of the inputs, and each input has one or the other.
bool holds_inputs(const EmbeddingReader& file, const std::vector<AudioInput>& inputs) {
  const auto& rows = file.segments();
  const std::vector<InputError> errors = file.errors();
  std::size_t row = 0, error = 0;
  for (const AudioInput& input : inputs) {
    const std::string& id = input.id;
    if (row < rows.size() && rows[row].id == id) {
      if (!carries(file, row, input.meta)) return false;
      ++row;
      if (file.header().kind == "text") continue;
      while (row < rows.size() && rows[row].id == id && rows[row].start_s > rows[row - 1].start_s)
        ++row;
    } else if (error < errors.size() && errors[error].id == id) {
      ++error;
    } else {
      return false;
    }
  }
  return row == rows.size() && error == errors.size();
}

}  // namespace

EmbedOutput::EmbedOutput(const EmbedArguments& arguments, EmbeddingHeader header,
                         const std::string& fingerprint, const Program& program) {
  if (arguments.output != "-") {
    lock_.emplace(arguments.output);  // before anything of another run is looked at
    journal_.emplace(arguments.output, RunOrigin{fingerprint, header.command, header.created},
                     mode_of(arguments), program.messages.log());
    header.command = journal_->origin().command;
    header.created = journal_->origin().created;
  }
  writer_.emplace(arguments.output, header, arguments.force);
}

PartWriter* EmbedOutput::part() { return journal_ ? &journal_->part(part_from_) : nullptr; }

void EmbedOutput::append(const EmbeddingRows& rows) {
  writer_->append(rows);
  if (PartWriter* const to = part()) to->append(rows);
}

void EmbedOutput::append_error(const InputError& error) {
  writer_->append_error(error);
  if (PartWriter* const to = part()) to->append_error(error);
}

void EmbedOutput::end_input(const PartInput& input, const RunPosition& next, bool can_resume_here) {
  if (PartWriter* const to = part()) to->end_input(input, next, can_resume_here);
  place_ = next;
  if (can_resume_here) kept_ = next.inputs;
}

bool EmbedOutput::end_part() {
  part_from_ = place_;
  if (!journal_) return true;
  journal_->publish();
  return !journal_->has_part(place_);
}

bool EmbedOutput::replay_part(
    const std::function<bool(std::size_t, const PartInput&)>& is_current,
    const std::function<void(const PartInput&, const InputError*)>& ended) {
  const auto fits = [&](const PartReader& part) {
    std::size_t number = place_.inputs;
    return std::ranges::all_of(part.inputs(),
                               [&](const PartInput& input) { return is_current(number++, input); });
  };
  const auto found = journal_ ? journal_->find(place_, fits) : std::nullopt;
  if (!found) return false;
  found->replay({[&](const EmbeddingRows& rows) { writer_->append(rows); },
                 [&](const InputError& error) { writer_->append_error(error); }, ended});
  place_ = part_from_ = found->next();
  kept_ = place_.inputs;
  return true;
}

void EmbedOutput::commit() {
  writer_->commit();
  if (journal_) journal_->remove();
}

void EmbedOutput::discard() {
  writer_.reset();
  if (journal_) journal_->remove();
}

std::size_t EmbedOutput::interrupt() {
  if (!journal_) return 0;
  journal_->publish();
  return kept_;
}

bool is_finished(const std::string& output, const EmbeddingHeader& header,
                 const std::vector<AudioInput>& inputs, std::string& reason) {
  const EmbeddingReader file(output);
  const EmbeddingHeader& made = file.header();
  const auto shape = [](const EmbeddingHeader& h) {
    return std::tie(h.kind, h.dim, h.options, h.precision, h.shard_index, h.shard_count,
                    h.meta_columns);
  };
  if (made.model_sha256 != header.model_sha256) {
    reason = "made with another model";
  } else if (shape(made) != shape(header)) {
    reason = "made with other options";
  } else if (!holds_inputs(file, inputs)) {
    reason = "made of other inputs";
  } else {
    const std::int64_t made_at = stamp_of(output).mtime_ns;
    const auto newer = std::ranges::find_if(
        inputs, [&](const AudioInput& input) { return stamp_of(input.path).mtime_ns > made_at; });
    if (newer == inputs.end()) return true;
    reason = "older than " + newer->path;
  }
  return false;
}

}  // namespace claptools::cmd
