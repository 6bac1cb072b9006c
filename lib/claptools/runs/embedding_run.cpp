#include "claptools/runs/embedding_run.hpp"

#include <utility>

namespace claptools {

EmbeddingRun::EmbeddingRun(const Model& model, InputReader inputs, const EmbedOptions& options,
                           const EmbeddingHeader& header, const RunOutput& output)
    : model_(model), inputs_(std::move(inputs)), options_(options), output_(output, header) {
  options_.digests = true;
}

bool EmbeddingRun::run(const EmbeddingEvents& events, const std::atomic<bool>& stop) {
  while (!stop && !at_end()) {
    if (!replay_part(events)) embed(events, stop);
  }
  return inputs_.size() ? done() == inputs_.size() : !stop && at_end();
}

bool EmbeddingRun::replay_part(const EmbeddingEvents& events) {
  const auto is_current = [&](const std::vector<PartInput>& part) {
    if (!inputs_.are_made(part, done())) return false;
    name_columns();
    return true;
  };
  const bool found =
      output_.replay_part(is_current, [&](const PartInput& input, const InputError* failure) {
        note(input, failure, true, events);
      });
  inputs_.give_up_before(done());
  return found;
}

void EmbeddingRun::embed(const EmbeddingEvents& events, const std::atomic<bool>& stop) {
  const InputSource source = [&, next = done()]() mutable { return inputs_.at(next++); };
  RowSink sink{[&](const EmbeddingRows& rows) {
                 name_columns();
                 output_.append(rows);
               },
               [&](const InputError& error) { output_.append_error(error); }};
  double before = 0;  // s of audio, of the inputs that have ended
  sink.ended = [&](const EndedInput& ended) {
    before += ended.seconds;
    return end_input(ended, events);
  };
  if (events.advanced)
    sink.progress = [&](std::size_t, double seconds) { events.advanced(seconds - before); };
  const EmbedSummary summary =
      embed_audio(model_, source, options_, sink, stop, output_.position());
  if (events.embedded) events.embedded(summary);
}

/// @return false where an earlier run's part begins.
bool EmbeddingRun::end_input(const EndedInput& ended, const EmbeddingEvents& events) {
  const AudioInput& from = ended.input;
  const PartInput input{from.id,      ended.stamp,   from.meta,   ended.seconds,
                        ended.wall_s, ended.warning, ended.sha256};
  output_.end_input(input, ended.next, ended.can_resume_here);
  inputs_.give_up_before(done());
  note(input, ended.failure, false, events);
  return !ended.ends_part || done() == inputs_.size() || output_.end_part();
}

/// Of a list they stand in the header.
void EmbeddingRun::name_columns() {
  if (!inputs_.size()) output_.name_columns(inputs_.columns());
}

void EmbeddingRun::note(const PartInput& input, const InputError* failure, bool copied,
                        const EmbeddingEvents& events) {
  failed_ += failure == nullptr ? 0 : 1;
  if (events.ended) events.ended(input, failure, copied);
}

}  // namespace claptools
