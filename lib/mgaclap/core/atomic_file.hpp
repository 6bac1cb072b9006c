#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace mgaclap {

/// A file that is written under a hidden name in its folder, `.NAME.part-PID`, and appears under
/// its own name whole and on disk, or not at all.
class AtomicFile {
 public:
  /// Creates the hidden file, empty, and locks it (flock). A symbolic link is followed, as by a
  /// shell redirection.
  /// @throws Error{cannot_create} if `path` exists and not overwrite, is not a regular file, or
  /// cannot be made.
  explicit AtomicFile(const std::string& path, bool overwrite = true);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Removes the hidden file if it was not published.
  ~AtomicFile();

  /// Open for reading and writing.
  int descriptor() const { return descriptor_; }

  /// Appends. @throws Error{io}.
  void write(std::span<const std::byte> bytes);

  /// Syncs file and folder and renames. @throws Error{io}, {cannot_create} if another process was
  /// faster.
  void commit();

 private:
  std::string subject_;
  std::filesystem::path target_;
  bool overwrite_;
  std::filesystem::path part_;
  int descriptor_ = -1;
};

/// Removes the hidden files that processes which no longer run left of AtomicFiles of this name.
/// Where the file system has no locks, which tell that, they stay.
void remove_abandoned(const std::string& path);

}  // namespace mgaclap
