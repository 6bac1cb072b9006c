#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "claptools/core/log.hpp"
#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/runs/part_file.hpp"
#include "claptools/runs/run_journal.hpp"

namespace claptools {

/// What came of a recording that was embedded for an index.
struct PendingFile {
  FileStamp stamp;          ///< before it was read
  std::string sha256;       ///< of its content then; empty: it has changed since, or is unknown
  std::size_t rows = 0;     ///< none: it failed
  InputError failure = {};  ///< of one that failed
};

/// Rows of recordings on their way into an index: in `.NAME.parts/` beside it until the index has
/// them, so that a run which was killed loses the last part alone. A later run takes those whose
/// recordings are as they were, in whatever order it wants them.
class PendingRows {
 public:
  /// Finds what an earlier run left that embedded alike.
  /// @param index its path. @param run model and options, lines "NAME=VALUE".
  /// @throws as RunJournal.
  PendingRows(const std::string& index, const std::string& run, const Log& log);

  /// What came of a recording, if it had this size and time; null if it was not embedded yet.
  const PendingFile* find(const std::string& id, const FileStamp& stamp) const;
  /// The same in whatever state it was read.
  const PendingFile* find(const std::string& id) const;

  /// Embeds recordings, until all are done or `stop` is set. @param ended called after each.
  /// @return whether all are done. @throws as embed_audio and PartWriter.
  bool embed(const Model& model, std::vector<AudioInput> inputs, EmbedOptions options,
             const std::function<void(const PartInput&, const InputError* failure)>& ended,
             const std::atomic<bool>& stop);

  /// The rows that are wanted, in the order in which they were embedded.
  /// @param wanted whether those of an id; asked once for each id, of what find() gives.
  /// @param visit called with all rows of one id together.
  void visit(const std::function<bool(const std::string& id)>& wanted,
             const std::function<void(const EmbeddingRows&)>& visit) const;

  /// When the index has the rows.
  void remove() { journal_.remove(); }

  std::size_t size() const { return files_.size(); }

 private:
  bool read_part();
  void end_input(const EndedInput& ended, const PartInput& input);

  RunJournal journal_;
  RunPosition position_, part_from_;
  std::vector<PartReader> parts_;
  std::unordered_map<std::string, PendingFile> files_;
};

}  // namespace claptools
