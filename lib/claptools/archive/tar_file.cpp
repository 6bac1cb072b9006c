#include "claptools/archive/tar_file.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlock = 65536;
constexpr std::uint64_t kTarBlock = 512;

/// Never waits, as for the writer of a pipe.
int open_for_reading(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) throw Error(Fault::no_input, path, system_reason(errno));
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) return fd;
  ::close(fd);
  throw Error(Fault::data, path,
              S_ISDIR(info.st_mode) ? "is a directory"
                                    : "is not a regular file; shards are read more than once");
}

/// Only filters that libarchive has within: the others run programs.
void allow_formats(archive* handle) {
  archive_read_support_filter_gzip(handle);
  archive_read_support_filter_bzip2(handle);
  archive_read_support_filter_xz(handle);
  archive_read_support_filter_zstd(handle);
  archive_read_support_filter_lz4(handle);
  archive_read_support_format_tar(handle);
  // Else what `cat a.tar b.tar` put behind the first archive would be lost.
  archive_read_set_format_option(handle, "tar", "read_concatenated_archives", "1");
}

/// Why a member has no content of its own; empty if it has.
std::string find_fault(archive_entry* header) {
  const auto to = [](const char* target) { return target == nullptr ? "" : std::string(target); };
  if (archive_entry_filetype(header) == AE_IFLNK)
    return "is a symbolic link to '" + to(archive_entry_symlink(header)) +
           "'; make the shard with tar --dereference";
  // Some formats store the content with each of the names.
  if (archive_entry_hardlink(header) != nullptr && archive_entry_size(header) == 0)
    return "is a hard link to '" + to(archive_entry_hardlink(header)) +
           "'; make the shard with tar --hard-dereference";
  return archive_entry_filetype(header) == AE_IFREG ? "" : "is not a regular file";
}

TarEntry describe(archive* handle, archive_entry* header) {
  TarEntry entry;
  const char* name = archive_entry_pathname(header);
  if (name != nullptr) entry.name = name;
  entry.offset = static_cast<std::uint64_t>(archive_read_header_position(handle));
  entry.size = static_cast<std::uint64_t>(archive_entry_size(header));
  entry.stamp = {static_cast<std::int64_t>(entry.size),
                 archive_entry_mtime(header) * 1'000'000'000 + archive_entry_mtime_nsec(header),
                 true};
  entry.folder = archive_entry_filetype(header) == AE_IFDIR;
  entry.broken = find_fault(header);
  return entry;
}

}  // namespace

void TarFile::Free::operator()(archive* handle) const { archive_read_free(handle); }

TarFile::TarFile(std::string path, std::uint64_t offset)
    : path_(std::move(path)), fd_(open_for_reading(path_)) {
  try {
    if (offset != 0 && ::lseek(fd_, static_cast<::off_t>(offset), SEEK_SET) < 0)
      throw Error(Fault::io, path_, system_reason(errno));
    open();
  } catch (...) {
    close();
    throw;
  }
}

TarFile::TarFile(const std::string& path, const std::atomic<bool>& stop, std::string name)
    : path_(std::move(name)),
      stream_(std::make_unique<DescriptorBuffer>(path, &stop)),
      block_(kBlock) {
  if (path_.empty()) path_ = stream_->subject();
  open();
}

TarFile::~TarFile() { close(); }

void TarFile::open() {
  archive_.reset(archive_read_new());
  if (!archive_) throw std::bad_alloc();
  allow_formats(archive_.get());
  const int code = stream_ ? archive_read_open(archive_.get(), this, nullptr, read_stream, nullptr)
                           : archive_read_open_fd(archive_.get(), fd_, kBlock);
  if (code != ARCHIVE_OK) fail_of_libarchive();
}

void TarFile::close() {
  archive_.reset();
  if (fd_ >= 0) ::close(fd_);
}

/// No exception may pass libarchive.
std::ptrdiff_t TarFile::read_stream(archive* handle, void* self, const void** block) {
  auto& file = *static_cast<TarFile*>(self);
  try {
    if (file.stream_->sgetc() == std::char_traits<char>::eof()) return 0;
    const auto ready = std::min<std::streamsize>(file.stream_->in_avail(), kBlock);
    *block = file.block_.data();
    return static_cast<std::ptrdiff_t>(file.stream_->sgetn(file.block_.data(), ready));
  } catch (...) {
    file.failure_ = std::current_exception();
    archive_set_error(handle, EIO, "%s", "the stream cannot be read");
    return -1;
  }
}

std::optional<TarEntry> TarFile::next() {
  archive_entry* header = nullptr;
  const int code = archive_read_next_header(archive_.get(), &header);
  if (code == ARCHIVE_EOF) {
    check_end();
    return std::nullopt;
  }
  // A warning is about what a name means in some locale: names are bytes here.
  if (code != ARCHIVE_OK && code != ARCHIVE_WARN) fail_of_libarchive();
  entry_ = describe(archive_.get(), header);
  return entry_;
}

/// libarchive takes the end of the file for the end of the archive; a file cut off between two
/// members lacks the blocks of zeros that tar ends with.
void TarFile::check_end() const {
  const auto end = static_cast<std::uint64_t>(archive_read_header_position(archive_.get()));
  const auto read = static_cast<std::uint64_t>(archive_filter_bytes(archive_.get(), 0));
  if (read < end + kTarBlock)
    throw Error(Fault::data, path_, "cut off: the tar end mark is missing");
}

std::vector<std::uint8_t> TarFile::read(std::uint64_t max_bytes) {
  if (entry_.size > max_bytes) {
    throw Error(Fault::data, path_,
                "member '" + entry_.name + "' has " + std::to_string(entry_.size) +
                    " bytes, more than " + std::to_string(max_bytes) + " are left for it");
  }
  std::vector<std::uint8_t> bytes;
  for (;;) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int code = archive_read_data_block(archive_.get(), &block, &size, &offset);
    if (code == ARCHIVE_EOF) break;
    const auto begin = static_cast<std::uint64_t>(offset);
    if (code != ARCHIVE_OK || begin < bytes.size() || begin > entry_.size ||
        size > entry_.size - begin)
      fail_of_libarchive();
    bytes.resize(begin);  // a hole before the block
    const auto* first = static_cast<const std::uint8_t*>(block);
    bytes.insert(bytes.end(), first, first + size);
  }
  bytes.resize(entry_.size);  // a hole at the end: a member cut off has no end
  return bytes;
}

bool TarFile::compressed() const { return archive_filter_count(archive_.get()) > 1; }

void TarFile::fail_of_libarchive() const {
  if (failure_) std::rethrow_exception(failure_);
  const int code = archive_errno(archive_.get());
  if (code == EIO || code == ESTALE || code == ETIMEDOUT)
    throw Error(Fault::io, path_, system_reason(code));
  const char* text = archive_error_string(archive_.get());
  const std::string reason = text == nullptr ? "unreadable" : text;
  const std::string where = entry_.name.empty() ? "" : " after member '" + entry_.name + "'";
  throw Error(Fault::data, path_, "not a whole tar file: " + reason + where);
}

}  // namespace claptools
