#include "claptools/index/seal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>

#include "claptools/core/checksum.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

using Seal = std::array<std::byte, 16>;

Seal seal_of(std::span<const std::byte> content) {
  Seal seal;
  const std::uint64_t sum = xxh64(content);
  std::memcpy(seal.data(), "clapseal", 8);
  std::memcpy(seal.data() + 8, &sum, 8);
  return seal;
}

}  // namespace

void seal_file(const std::filesystem::path& path) {
  const Seal seal = seal_of(MappedFile(path).bytes());
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  const bool written =
      fd >= 0 && ::write(fd, seal.data(), seal.size()) == ssize_t{sizeof(Seal)} && ::fsync(fd) == 0;
  const int failed = errno;
  if (fd >= 0) ::close(fd);
  if (!written) {
    throw Error(Fault::io, path.native(), system_reason(failed));
  }
}

void check_seal(const std::filesystem::path& path) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  if (bytes.size() >= sizeof(Seal)) {
    const Seal seal = seal_of(bytes.first(bytes.size() - sizeof(Seal)));
    if (std::ranges::equal(seal, bytes.last(sizeof(Seal)))) return;
  }
  throw Error(Fault::data, path.native(), "damaged: its checksum is not that of its content");
}

}  // namespace claptools
