#include "claptools/audio/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

/// Throws for what is not a regular file with content; returns its size.
std::uint64_t checked_size(int fd, const std::string& name) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    throw Error(Fault::io, name, system_reason(errno));
  }
  if (S_ISDIR(info.st_mode)) throw Error(Fault::data, name, "is a directory");
  if (!S_ISREG(info.st_mode)) throw Error(Fault::data, name, "not a regular file");
  if (info.st_size == 0) throw Error(Fault::data, name, "empty file");
  return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace

InputFile::InputFile(const std::filesystem::path& path)
    : name_(path.native()),
      fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  if (fd_ < 0) throw Error(Fault::no_input, name_, system_reason(errno));
  try {
    size_ = checked_size(fd_, name_);
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

InputFile::InputFile(std::span<const std::uint8_t> bytes, std::string name)
    : name_(std::move(name)), memory_(bytes), size_(bytes.size()) {
  if (bytes.empty()) throw Error(Fault::data, name_, "empty file");
}

InputFile::InputFile(InputFile&& other) noexcept
    : name_(std::move(other.name_)),
      fd_(std::exchange(other.fd_, -1)),
      memory_(other.memory_),
      size_(other.size_) {}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::size_t InputFile::read_memory(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  const auto rest = memory_.subspan(static_cast<std::size_t>(std::min(offset, size_)));
  const std::size_t count = std::min(rest.size(), bytes.size());
  std::copy_n(rest.begin(), count, bytes.begin());
  return count;
}

std::size_t InputFile::read_at(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  if (fd_ < 0) return read_memory(offset, bytes);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ::ssize_t got =
        ::pread(fd_, bytes.data() + done, bytes.size() - done, static_cast<::off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Fault::io, name_, system_reason(errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace claptools
