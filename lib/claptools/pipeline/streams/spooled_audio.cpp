#include "claptools/pipeline/streams/spooled_audio.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

/// What is neither a pipe nor a socket is a file, or fails as one later.
bool is_stream(const std::string& path) {
  struct stat status {};
  const int found = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  return found == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

int make_nameless_file() {
  const std::string folder = std::filesystem::temp_directory_path();
  std::string name = folder + "/clap-audio-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) throw Error(Fault::cannot_create, folder, system_reason(errno));
  ::unlink(name.c_str());
  return descriptor;
}

void write_all(int descriptor, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ::ssize_t done = ::write(descriptor, bytes, count);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) {
      throw Error(
          Fault::io, std::filesystem::temp_directory_path().native(),
          system_reason(errno) + ", for a recording from a pipe; $TMPDIR names another folder");
    }
    bytes += done;
    count -= static_cast<std::size_t>(done);
  }
}

std::string path_of(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

}  // namespace

SpooledAudio::SpooledAudio(const std::string& path, const std::atomic<bool>& stop) {
  if (!is_stream(path)) {
    path_ = path == "-" ? path_of(STDIN_FILENO) : path;
    return;
  }
  SpooledAudio copy(make_nameless_file());
  InputStream in(path, &stop);
  std::vector<char> block(kBlock);
  while (in.read(block.data(), static_cast<std::streamsize>(kBlock)), in.gcount() > 0)
    write_all(copy.descriptor_, block.data(), static_cast<std::size_t>(in.gcount()));
  descriptor_ = std::exchange(copy.descriptor_, -1);
  path_ = path_of(descriptor_);
}

SpooledAudio::SpooledAudio(SpooledAudio&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

SpooledAudio::~SpooledAudio() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace claptools
