#include "claptools/core/files/input_stream.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "claptools/core/error.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

/// @param waits whether a pipe that nobody writes to yet is waited for here.
int open_for_reading(const std::string& path, bool waits) {
  if (path == "-") return STDIN_FILENO;
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK));
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) throw Error(Fault::no_input, path, system_reason(errno));
  return fd;
}

}  // namespace

DescriptorBuffer::DescriptorBuffer(const std::string& path, const std::atomic<bool>* stop)
    : subject_(path == "-" ? "standard input" : path),
      fd_(open_for_reading(path, stop == nullptr)),
      stop_(stop) {
  struct stat info {};
  if (::fstat(fd_, &info) != 0 || !S_ISDIR(info.st_mode)) return;
  if (fd_ != STDIN_FILENO) ::close(fd_);
  throw Error(Fault::no_input, subject_, "is a directory");
}

DescriptorBuffer::~DescriptorBuffer() {
  if (fd_ != STDIN_FILENO) ::close(fd_);
}

bool DescriptorBuffer::is_ready() const {
  pollfd state{fd_, POLLIN, 0};
  return gptr() < egptr() || ::poll(&state, 1, 0) > 0;
}

/// Until there is something to read. A signal does not end a read, but it ends this.
/// @return false if it was stopped.
bool DescriptorBuffer::wait() const {
  constexpr int kGlance_ms = 200;  // a signal may come just before poll()
  for (;;) {
    if (stop_ != nullptr && *stop_) return false;
    pollfd ready{fd_, POLLIN, 0};
    const int count = ::poll(&ready, 1, stop_ == nullptr ? -1 : kGlance_ms);
    if (count > 0) return true;
    if (count < 0 && errno != EINTR) fail(errno);
  }
}

DescriptorBuffer::int_type DescriptorBuffer::underflow() {
  for (;;) {
    if (stop_ != nullptr && !wait()) return traits_type::eof();
    const ::ssize_t count = ::read(fd_, block_.data(), block_.size());
    if (count == 0) return traits_type::eof();
    if (count > 0) {
      setg(block_.data(), block_.data(), block_.data() + count);
      return traits_type::to_int_type(block_[0]);
    }
    if (errno == EAGAIN)
      wait();
    else if (errno != EINTR)
      fail(errno);
  }
}

void DescriptorBuffer::fail(int code) const {
  throw Error(Fault::io, subject_, system_reason(code));
}

InputStream::InputStream(const std::string& path, const std::atomic<bool>* stop)
    : std::istream(nullptr), buffer_(path, stop) {
  rdbuf(&buffer_);
  exceptions(std::ios::badbit);  // lets the buffer's errors through
}

std::string read_all(std::istream& in) {
  std::string text;
  std::array<char, 65536> block;
  while (in.read(block.data(), block.size()) || in.gcount() > 0)
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string_view name_of_binary(std::string_view beginning) {
  struct Mark {
    std::size_t offset;
    std::string_view bytes, name;
  };
  using namespace std::string_view_literals;
  static constexpr Mark kMarks[] = {{257, "ustar", "a tar file"},
                                    {0, "\x89HDF\r\n", "an HDF5 file"},
                                    {0, "\x1f\x8b", "a gzip file"},
                                    {0, "\x28\xb5\x2f\xfd", "a zstd file"},
                                    {0,
                                     "\xfd"
                                     "7zXZ",
                                     "an xz file"},
                                    {0, "BZh", "a bzip2 file"},
                                    {0, "PK\x03\x04", "a zip file"},
                                    {8, "WAVE", "a recording"},
                                    {0, "fLaC", "a recording"},
                                    {0, "OggS", "a recording"},
                                    {0, "ID3", "a recording"},
                                    {4, "ftyp", "a recording"},
                                    {0, "FORM", "a recording"},
                                    {0, "caff", "a recording"},
                                    {0, "\x1a\x45\xdf\xa3", "a recording"},
                                    {0, "\0\5\x16\7"sv, "a Mac's AppleDouble file"}};
  for (const Mark& mark : kMarks) {
    if (beginning.size() > mark.offset && beginning.substr(mark.offset).starts_with(mark.bytes))
      return mark.name;
  }
  return {};
}

}  // namespace claptools
