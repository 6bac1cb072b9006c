#pragma once

#include <filesystem>

namespace claptools {

/// The right to write one output: a file, a model directory, an index. Other processes that ask for
/// it are refused as long as this object lives; the kernel gives it back however a process ends.
///
/// How to use it: make one, `const OutputLock lock(path);`, before anything of the output is read
/// that will be changed, and before any leftover of it is removed; keep it until the output has its
/// name. AtomicFile holds one of its own; within a process they share.
///
/// It is an flock on `.NAME.lock` beside the output (symbolic links are followed). That file goes
/// with the last holder; one that a kill left behind is taken over. On a file system without locks
/// nobody is refused.
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
