#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/runs/embedding_output.hpp"
#include "claptools/runs/run_inputs.hpp"

namespace claptools {

/// What a run tells whoever watches it, in the order of the inputs. Each may be empty.
struct EmbeddingEvents {
  /// An input is done. @param failure null if it was embedded. @param copied from a part of an
  /// earlier run.
  std::function<void(const PartInput& input, const InputError* failure, bool copied)> ended = {};
  /// So many seconds of the input that is next to end were embedded.
  std::function<void(double seconds)> advanced = {};
  /// Inputs between two parts of an earlier run, or all, were embedded.
  std::function<void(const EmbedSummary&)> embedded = {};
};

/// One run over a list of recordings. What an earlier one left is copied, the rest embedded, so
/// that a run which was interrupted or killed at any moment and then resumed makes the same bytes
/// as one that was not.
///
///     EmbeddingRun run(model, inputs, options, header, {"out.h5", RunJournal::Mode::resume, ...});
///     if (run.run({}, stop)) run.commit(); else run.interrupt();
class EmbeddingRun {
 public:
  /// @param header as describe_audio and describe_options fill it; `meta_columns` are those of the
  /// inputs, as far as they are known: more that a stream names are added.
  /// @throws as EmbeddingOutput.
  EmbeddingRun(const Model& model, InputReader inputs, const EmbedOptions& options,
               const EmbeddingHeader& header, const RunOutput& output);

  /// Until all inputs are done, or `stop` is set: then the batches in hand are finished.
  /// @return whether all are done. @throws as embed_audio and EmbeddingWriter.
  bool run(const EmbeddingEvents& events, const std::atomic<bool>& stop);

  /// Unknown before the end where there are streams.
  std::optional<std::size_t> inputs() const { return inputs_.size(); }
  std::size_t done() const { return output_.position().inputs; }
  /// Of those that are done.
  std::size_t failed() const { return failed_; }

  /// Publishes the output. @throws as EmbeddingWriter::commit.
  void commit() { output_.commit(); }

  /// There is to be no output, and nothing beside it.
  void discard() { output_.discard(); }

  /// Keeps what can be resumed; without it, only what was published in whole parts.
  /// @return the number of inputs that are kept.
  std::size_t interrupt() { return output_.interrupt(); }

 private:
  bool at_end() { return !inputs_.at(done()); }
  bool replay_part(const EmbeddingEvents& events);
  void embed(const EmbeddingEvents& events, const std::atomic<bool>& stop);
  void name_columns();
  bool end_input(const EndedInput& ended, const EmbeddingEvents& events);
  void note(const PartInput& input, const InputError* failure, bool copied,
            const EmbeddingEvents& events);

  const Model& model_;
  RunInputs inputs_;
  EmbedOptions options_;
  EmbeddingOutput output_;
  std::size_t failed_ = 0;
};

}  // namespace claptools
