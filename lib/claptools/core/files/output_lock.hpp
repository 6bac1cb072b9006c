#pragma once

#include <filesystem>

namespace claptools {

/// The right to write one output: a file, a model directory, an index. It is refused to other
/// processes while this object lives; the kernel releases it however the process ends.
///
/// Make one, `const OutputLock lock(path);`, before reading anything of the output that will be
/// changed and before removing leftovers of it; keep it until the output has its name. AtomicFile
/// has one of its own; within a process they share the lock.
///
/// It is an flock on `.NAME.lock` beside the output (symbolic links are followed). That file goes
/// with the last holder; one left by a kill is taken over. On a file system without locks nobody is
/// refused.
class OutputLock {
 public:
  /// @throws Error{cannot_create}: "another process is writing it", or the system's reason if the
  /// folder cannot be written.
  explicit OutputLock(const std::filesystem::path& output);
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;
  ~OutputLock();

 private:
  struct Held;
  Held* held_;  ///< of the process, counted
};

}  // namespace claptools
