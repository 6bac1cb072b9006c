#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/core/log.hpp"
#include "claptools/runs/part_file.hpp"

namespace claptools {

/// What is known of an interrupted run.
struct RunOrigin {
  std::string fingerprint;       ///< lines "NAME=VALUE": all that shapes the rows, but the inputs
  std::string command, created;  ///< attributes of the output
};

/// RunJournal::Mode::begin found what an interrupted run left.
class UnfinishedRun : public Error {
 public:
  using Error::Error;
};

/// The finished parts of a run, in the folder `.NAME.parts` next to its output, where a later run
/// finds them. A part is on disk before it gets its name, so a crash at any moment leaves complete
/// parts only. The folder is made with the first part and deleted by remove().
class RunJournal {
 public:
  enum class Mode {
    begin,   ///< parts of an earlier run are an error
    resume,  ///< they are reused if they have the same fingerprint, else removed
    force,   ///< they are removed
  };

  /// @throws UnfinishedRun{cannot_create} for parts that Mode::begin finds; Error{cannot_create} if
  /// another process is writing them.
  RunJournal(const std::string& output, RunOrigin origin, Mode mode, const Log& log);
  RunJournal(const RunJournal&) = delete;
  RunJournal& operator=(const RunJournal&) = delete;
  /// Removes the folder unless it holds parts.
  ~RunJournal();

  /// Of the interrupted run that is resumed, or as given.
  const RunOrigin& origin() const { return origin_; }

  /// Whether a part begins there; what it holds is not looked at.
  bool has_part(const RunPosition& from) const { return parts_.contains(from.inputs); }

  /// The part that begins there, if it is whole and of this run and `fits` says so.
  std::optional<PartReader> find(const RunPosition& from,
                                 const std::function<bool(const PartReader&)>& fits);

  /// The current part; where there is none, a new one that begins at `from`. @throws as PartWriter.
  PartWriter& open_part(const RunPosition& from);

  /// Publishes the current part up to its last restart. @throws Error{io}.
  void publish();

  /// To be called when the output is complete.
  void remove();

 private:
  void open_folder();
  void read_origin(Mode mode, const Log& log);
  void write_origin() const;
  void clear();
  std::string part_path(std::size_t first_input) const;

  std::string output_, folder_;
  RunOrigin origin_;
  Log log_;
  struct Lock {  // closed with the journal, also where its constructor throws
    int descriptor = -1;
    ~Lock();
  } lock_;  ///< of the folder
  bool origin_written_ = false;
  std::set<std::size_t> parts_;  ///< by their first input
  std::unique_ptr<PartWriter> writer_;
  std::size_t first_ = 0;  ///< of writer_
};

}  // namespace claptools
