#pragma once

#include <filesystem>
#include <string_view>

namespace claptools {

/// A hidden file or folder that must not outlive this process. While the object lives,
/// remove_scratch() removes it.
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

/// Removes what this process has registered; folders with the files in them. For a handler of a
/// signal that ends the process: calls only what a handler may call.
void remove_scratch() noexcept;

/// `.NAME.part-` and eight random letters or digits beside the target: another process, also one of
/// the same number in another container or on another machine, has another name.
std::filesystem::path random_part_name(const std::filesystem::path& target);

/// Removes the parts, files and folders, that processes which no longer run left of this output:
/// those that nobody holds locked, and a lock of theirs. Where the file system has no locks, which
/// tell that, they stay.
void remove_abandoned(const std::filesystem::path& target);

/// A new hidden folder beside an output, locked, removed with all that it holds when the object
/// goes.
class ScratchFolder {
 public:
  /// Its owner and mode are those of the folder at `target` if there is one.
  /// @throws Error{cannot_create}.
  explicit ScratchFolder(const std::filesystem::path& target);
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }

  /// Puts the folder, whose files are on disk, in the place of `target`; what was there is then at
  /// path(). At every moment, also of a crash, one of the two is there for current_folder().
  /// @throws Error{cannot_create} if the target appeared and not `replace`, {io}.
  void publish(bool replace);

 private:
  std::filesystem::path target_, path_;
  int descriptor_ = -1;
  ScratchName name_;
};

/// Where the folder lies that a reader asks for: at `path`, or, if a writer was stopped between
/// two renames on a file system that cannot exchange, at the name that it had moved it to.
std::filesystem::path current_folder(const std::filesystem::path& path);

/// For a writer that holds the lock: gives such a folder its name back.
void restore_folder(const std::filesystem::path& path);

}  // namespace claptools
