#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claptools/core/files/output_lock.hpp"
#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/runs/run_journal.hpp"
#include "cmd/embed/embed_arguments.hpp"

namespace claptools::cmd {

/// The output of a run and, where it is a file, the parts beside it from which a later run goes on.
class EmbedOutput {
 public:
  /// @param header `command` and `created` become those of the run that is gone on with.
  /// @throws as RunJournal and EmbeddingWriter.
  EmbedOutput(const EmbedArguments& arguments, EmbeddingHeader header,
              const std::string& fingerprint, const Program& program);

  /// Into the output and into the part in hand, which began at `begin_part`.
  void append(const EmbeddingRows& rows);
  void append_error(const InputError& error);

  /// Behind the rows or the failure of an input.
  void end_input(const PartInput& input, const RunPosition& next, bool can_resume_here);

  /// Publishes the part in hand. @return false if an earlier run's part begins at the place
  /// reached.
  bool end_part();

  /// Copies the part that begins at the place reached, if it is still what it should be.
  /// @param is_current whether the input with this number is still the one of the part.
  /// @param ended called for every input copied.
  /// @return whether there was one.
  bool replay_part(const std::function<bool(std::size_t, const PartInput&)>& is_current,
                   const std::function<void(const PartInput&, const InputError*)>& ended);

  const RunPosition& place() const { return place_; }

  /// The output is whole.
  void commit();

  /// There is to be no output, and nothing beside it.
  void discard();

  /// Keeps what can be gone on with. @return the number of inputs that are kept.
  std::size_t interrupt();

 private:
  PartWriter* part();

  std::optional<OutputLock> lock_;  ///< none of these on standard output
  std::optional<RunJournal> journal_;
  std::optional<EmbeddingWriter> writer_;
  RunPosition place_, part_from_;
  std::size_t kept_ = 0;
};

/// Whether a finished output holds what this run would make: model and options are the same, the
/// names and what is carried with them as well, and no input is newer than it.
/// @param reason of the answer no.
bool is_finished(const std::string& output, const EmbeddingHeader& header,
                 const std::vector<AudioInput>& inputs, std::string& reason);

}  // namespace claptools::cmd
