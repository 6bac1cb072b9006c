#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/log.hpp"
#include "claptools/pipeline/run_position.hpp"
#include "claptools/runs/run_journal.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// Where a run writes, and what it does with what it finds there.
struct RunOutput {
  std::string path;  ///< "-" is standard output: then nothing can be resumed
  RunJournal::Mode mode = RunJournal::Mode::begin;  ///< `force` replaces a finished output, too
  std::string fingerprint;                          ///< as run_fingerprint() gives it
  Log log = {};
};

/// The output of a run and, where it is a file, the parts beside it that a later run resumes.
class EmbeddingOutput {
 public:
  /// @param header `command` and `created` become those of the run that is resumed.
  /// @throws as OutputLock, RunJournal and EmbeddingWriter.
  EmbeddingOutput(const RunOutput& output, EmbeddingHeader header);

  /// Columns that rows may have from now on, those of the header first: EmbeddingWriter.
  void name_columns(std::vector<std::string> columns) { writer_->name_columns(std::move(columns)); }

  /// Into the output and into the part in hand, which began where the last one ended.
  void append(const EmbeddingRows& rows);
  void append_error(const InputError& error);

  /// After the rows or the failure of an input.
  void end_input(const PartInput& input, const RunPosition& next, bool can_resume_here);

  /// Publishes the part in hand. @return false if an earlier run's part begins at the position
  /// reached.
  bool end_part();

  /// Copies the part that begins at the position reached, if it is still what it should be.
  /// @param is_current whether the inputs of the part are still those from that position on.
  /// @param ended called for each input copied; `failure` is null if it was embedded.
  /// @return whether there was one.
  bool replay_part(const std::function<bool(const std::vector<PartInput>&)>& is_current,
                   const std::function<void(const PartInput&, const InputError* failure)>& ended);

  const RunPosition& position() const { return position_; }

  /// The output is whole. @throws as EmbeddingWriter::commit.
  void commit();

  /// There is to be no output, and nothing beside it.
  void discard();

  /// Keeps what can be resumed. @return the number of inputs that are kept.
  std::size_t interrupt();

 private:
  PartWriter* open_part();
  void note_file(const PartInput& input);

  std::optional<OutputLock> lock_;  ///< on standard output neither this nor a journal
  std::optional<RunJournal> journal_;
  std::optional<EmbeddingWriter> writer_;
  RunPosition position_, part_from_;
  std::size_t kept_ = 0;
};

}  // namespace claptools
