#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace claptools {

/// A regular file opened for reading at any position, without a buffer of its own; or bytes in
/// memory.
class InputFile {
 public:
  /// Never blocks: a named pipe without a writer is refused like every other special file.
  /// @throws Error{no_input} if it cannot be opened, {data} if it is empty or not a regular file.
  explicit InputFile(const std::filesystem::path& path);
  /// @param bytes must outlive this. @param name for messages.
  /// @throws Error{data} if there are none.
  InputFile(std::span<const std::uint8_t> bytes, std::string name);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  const std::string& name() const { return name_; }
  std::uint64_t size() const { return size_; }

  /// @return bytes read; fewer than asked for only at the end of the file.
  /// @throws Error{io}
  std::size_t read_at(std::uint64_t offset, std::span<std::uint8_t> bytes) const;

 private:
  std::size_t read_memory(std::uint64_t offset, std::span<std::uint8_t> bytes) const;

  std::string name_;
  int fd_ = -1;  // -1: the bytes are in memory_
  std::span<const std::uint8_t> memory_;
  std::uint64_t size_ = 0;
};

}  // namespace claptools
