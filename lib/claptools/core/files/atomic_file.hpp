#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "claptools/core/files/output_lock.hpp"
#include "claptools/core/files/scratch.hpp"

namespace claptools {

/// A file that is written under a hidden name in its folder, `.NAME.part-` and random letters, and
/// appears under its own name whole and on disk, or not at all. Holds the output's lock, and
/// removes partial files left by dead processes.
class AtomicFile {
 public:
  /// Creates the hidden file, empty, and locks it (flock). A symbolic link is followed, as by a
  /// shell redirection. The new file gets the mode, and where permitted the owner, of the one that
  /// it replaces.
  /// @throws Error{cannot_create} if `path` exists and not overwrite, is not a regular file, cannot
  /// be made, or another process is writing it.
  explicit AtomicFile(const std::string& path, bool overwrite = true);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Removes the hidden file if it was not published.
  ~AtomicFile();

  /// Open for reading and writing.
  int descriptor() const { return descriptor_; }

  /// Appends. @throws Error{io}.
  void write(std::span<const std::byte> bytes);

  /// Discards what was written after the first `size` bytes. @throws Error{io}.
  void truncate(std::size_t size);

  /// Checks the beginning and the length of what was written, syncs file and folder, and renames.
  /// @throws Error{io}, {cannot_create} if another process was faster.
  void commit();

 private:
  void read_back() const;

  std::string subject_;
  std::filesystem::path target_;
  bool overwrite_;
  OutputLock lock_;
  std::filesystem::path part_;
  int descriptor_ = -1;
  ScratchName name_;
  std::size_t written_ = 0;      // by write()
  std::vector<std::byte> head_;  // the first of it
};

}  // namespace claptools
