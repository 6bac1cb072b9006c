#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claptools/core/files/file_stamp.hpp"

struct archive;
struct archive_entry;

namespace claptools {

class DescriptorBuffer;

/// What a tar file's header says of a member.
struct TarEntry {
  std::string name;          ///< as stored: may be absolute, hold "..", or not be UTF-8
  std::uint64_t offset = 0;  ///< of the header, in the uncompressed stream
  std::uint64_t size = 0;    ///< bytes, by the header
  FileStamp stamp = {};      ///< size and time of the last change, by the header
  bool folder = false;
  std::string broken;  ///< why it has no content of its own, as a link or a device; empty if it has
};

/// The members of a tar file one after another, read by libarchive as a stream (plain or compressed
/// by gzip, bzip2, xz, zstd or lz4); also those of further archives that follow in the same file.
/// Nothing is extracted.
class TarFile {
 public:
  /// @param offset where to begin, a member's header in an uncompressed file.
  /// @throws Error{no_input} if it cannot be opened, {data} if it is not a tar file, or not a
  /// regular file (shards are read more than once).
  explicit TarFile(std::string path, std::uint64_t offset = 0);
  /// One that is read once, such as a pipe; "-" is standard input.
  /// @param stop once it is set, the archive ends as if it were cut off, also while no bytes come.
  /// @param name for messages, instead of the path.
  /// @throws as the other, but for the kind of file.
  TarFile(const std::string& path, const std::atomic<bool>& stop, std::string name = {});
  TarFile(const TarFile&) = delete;
  TarFile& operator=(const TarFile&) = delete;
  ~TarFile();

  /// The next member's header, or nothing at the end.
  /// @throws Error{data} for a damaged file or one that was cut off, {io} if reading fails.
  std::optional<TarEntry> next();

  /// The content of the member that next() gave last, the holes of a sparse one as zeros. Memory
  /// grows with the bytes that are there, and with holes up to `max_bytes`.
  /// @throws Error{data} as next(), or if the member has more than `max_bytes`.
  std::vector<std::uint8_t> read(std::uint64_t max_bytes);

  bool compressed() const;

  /// For messages: the path, or "standard input".
  const std::string& subject() const { return path_; }

 private:
  struct Free {
    void operator()(archive* handle) const;
  };

  static std::ptrdiff_t read_stream(archive* handle, void* self, const void** block);
  void open();
  void close();
  void check_end() const;
  [[noreturn]] void fail_of_libarchive() const;

  std::string path_;
  int fd_ = -1;
  std::unique_ptr<DescriptorBuffer> stream_;  ///< instead of fd_
  std::vector<char> block_;                   ///< of stream_
  std::exception_ptr failure_;                ///< of stream_
  std::unique_ptr<archive, Free> archive_;
  TarEntry entry_;
};

}  // namespace claptools
