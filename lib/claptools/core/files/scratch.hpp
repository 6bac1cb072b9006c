#pragma once

#include <filesystem>
#include <string_view>

namespace claptools {

/// A hidden file or folder that must not outlive this process. While the object exists,
/// remove_scratch() deletes it.
class ScratchName {
 public:
  ScratchName() = default;
  explicit ScratchName(const std::filesystem::path& path);
  ScratchName(ScratchName&& other) noexcept;
  ScratchName& operator=(ScratchName&& other) noexcept;
  ~ScratchName();

 private:
  int slot_ = -1;  ///< -1: none
};

/// Deletes everything that this process has registered; folders with their files. For a handler of
/// a signal that ends the process: calls only what a handler may call.
void remove_scratch() noexcept;

/// `.NAME.part-` and eight random letters or digits, next to the target. The name differs from that
/// of every other process, also in another container or on another machine.
std::filesystem::path random_part_name(const std::filesystem::path& target);

/// Removes partial files and folders of this output that were left by killed processes, with their
/// lock: those that no process has locked. On a file system without locks they are kept, because
/// another process may still be using them.
void remove_abandoned(const std::filesystem::path& target);

/// A new hidden folder beside an output, locked, removed with all that it holds when the object
/// goes.
class ScratchFolder {
 public:
  /// It gets the owner and mode of the folder at `target` if there is one.
  /// @throws Error{cannot_create}.
  explicit ScratchFolder(const std::filesystem::path& target);
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }

  /// Puts the folder, whose files are on disk, in the place of `target`; the previous folder is
  /// then at path(). At every moment, also in a crash, current_folder() finds one of the two.
  /// @throws Error{cannot_create} if the target appeared and not `replace`, {io}.
  void publish(bool replace);

 private:
  std::filesystem::path target_, path_;
  int descriptor_ = -1;
  ScratchName name_;
};

/// The folder to read: `path`, or, if a writer was stopped between two renames on a file system
/// that cannot exchange names, the name to which it had moved the folder.
std::filesystem::path current_folder(const std::filesystem::path& path);

/// Gives such a folder its name again; only for a writer that holds the lock.
void restore_folder(const std::filesystem::path& path);

}  // namespace claptools
