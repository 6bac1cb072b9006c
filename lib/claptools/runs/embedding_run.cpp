#include "claptools/runs/embedding_run.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "claptools/core/files/file_stamp.hpp"

namespace claptools {

EmbeddingRun::EmbeddingRun(const Model& model, std::vector<AudioInput> inputs,
                           const EmbedOptions& options, const EmbeddingHeader& header,
                           const RunOutput& output)
    : model_(model), inputs_(std::move(inputs)), options_(options), output_(output, header) {}

bool EmbeddingRun::run(const EmbeddingEvents& events, const std::atomic<bool>& stop) {
  while (done() < inputs_.size() && !stop) {
    if (!replay_part(events)) embed(events, stop);
  }
  return done() == inputs_.size();
}

bool EmbeddingRun::replay_part(const EmbeddingEvents& events) {
  const auto is_made = [](const PartInput& made, const AudioInput& input) {
    return input.id == made.id && input.meta == made.meta &&
           stamp_of(input.audio.path) == made.stamp;
  };
  const auto is_current = [&](const std::vector<PartInput>& part) {
    const auto from = inputs_.begin() + static_cast<std::ptrdiff_t>(done());
    return part.size() <= inputs_.size() - done() &&
           std::equal(part.begin(), part.end(), from, is_made);
  };
  return output_.replay_part(is_current, [&](const PartInput& input, const InputError* failure) {
    note(input, failure, true, events);
  });
}

void EmbeddingRun::embed(const EmbeddingEvents& events, const std::atomic<bool>& stop) {
  const InputSource source = [&, next = done()]() mutable -> std::optional<AudioInput> {
    if (next == inputs_.size()) return std::nullopt;
    return inputs_[next++];
  };
  RowSink sink{[&](const EmbeddingRows& rows) { output_.append(rows); },
               [&](const InputError& error) { output_.append_error(error); }};
  sink.ended = [&](const EndedInput& ended) { return end_input(ended, events); };
  const EmbedSummary summary =
      embed_audio(model_, source, options_, sink, stop, output_.position());
  if (events.embedded) events.embedded(summary);
}

/// @return false where an earlier run's part begins.
bool EmbeddingRun::end_input(const EndedInput& ended, const EmbeddingEvents& events) {
  const AudioInput& from = ended.input;
  const PartInput input{from.id,       ended.stamp,  from.meta,
                        ended.seconds, ended.wall_s, ended.warning};
  output_.end_input(input, ended.next, ended.can_resume_here);
  note(input, ended.failure, false, events);
  return !ended.ends_part || done() == inputs_.size() || output_.end_part();
}

void EmbeddingRun::note(const PartInput& input, const InputError* failure, bool copied,
                        const EmbeddingEvents& events) {
  failed_ += failure == nullptr ? 0 : 1;
  if (events.ended) events.ended(input, failure, copied);
}

}  // namespace claptools
