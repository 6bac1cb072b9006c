#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace claptools {

/// A file mapped read-only as a whole.
class MappedFile {
 public:
  /// @throws Error{no_input} if the file is missing or unreadable, {data} if it is not a regular
  /// file.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
  int slot_ = -1;  ///< where mapped_file_name() finds it; -1: nowhere
};

/// Whether the path names the very file that is mapped at an address, and not one that took its
/// name since.
bool is_mapped_at(const std::filesystem::path& path, const void* address);

/// The file that is mapped at an address, fit for printing; none if there is no such. For a handler
/// of SIGBUS, which is what reading a page brings that somebody has cut off since: calls only what
/// a handler may call.
const char* mapped_file_name(const void* address) noexcept;

}  // namespace claptools
