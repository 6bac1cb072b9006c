#include "claptools/core/files/output_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <list>
#include <mutex>
#include <system_error>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/output_path.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

/// The output itself, behind links and without a slash at its end, so that all spellings of it lead
/// to one lock.
fs::path resolved(const fs::path& output) {
  if (is_there(output, Fault::cannot_create)) {
    std::error_code failed;
    fs::path target = fs::canonical(output, failed);
    if (failed) throw Error(Fault::cannot_create, output.native(), failed.message());
    if (target.has_filename()) return target;
  }
  const fs::path named = output.has_filename() ? output : output.parent_path();
  if (!named.has_filename()) throw Error(Fault::cannot_create, output.native(), "not a file name");
  return named;
}

/// Another user's lock file may only be readable; a lock needs no more, but on NFS.
int open_lock(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file >= 0 || errno != EACCES) return file;
  const int readable = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (readable < 0) errno = EACCES;
  return readable;
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::mutex mutex;  // of what follows

}  // namespace

struct OutputLock::Held {
  static std::list<Held> all;

  pid_t process;  ///< a child of it holds nothing
  struct stat file;
  int descriptor;
  fs::path path;      ///< that the descriptor was opened by
  bool is_lock_file;  ///< and not the output itself
  ScratchName name;
  int holders;

  static Held* find(const struct stat& file) {
    for (Held& held : all) {
      if (held.process == ::getpid() && same_file(held.file, file)) return &held;
    }
    return nullptr;
  }

  /// One attempt. @return nothing if the file was removed by the holder before.
  static Held* take(const fs::path& target, const fs::path& output) {
    fs::path path = hidden_beside(target, ".lock");
    int descriptor = open_lock(path);
    const bool is_lock_file = descriptor >= 0;
    if (const int error = errno; !is_lock_file) {
      // A folder may be all that this user, or a container, may write: lock that itself.
      path = target;
      descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (descriptor < 0) throw Error(Fault::cannot_create, output.native(), system_reason(error));
    }
    struct stat file {
    }, named{};
    const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    Held* held = nullptr;
    if (::fstat(descriptor, &file) == 0) held = find(file);
    if (held) {
      ++held->holders;
    } else if (!locked) {
      ::close(descriptor);
      throw Error(Fault::cannot_create, output.native(), "another process is writing it");
    } else if (::lstat(path.c_str(), &named) == 0 && same_file(file, named)) {
      ScratchName name = is_lock_file ? ScratchName(path) : ScratchName();
      return &all.emplace_back(
          Held{::getpid(), file, descriptor, path, is_lock_file, std::move(name), 1});
    }
    ::close(descriptor);
    return held;
  }
};

std::list<OutputLock::Held> OutputLock::Held::all;

OutputLock::OutputLock(const fs::path& output) : held_(nullptr) {
  const fs::path target = resolved(output);
  const std::lock_guard guard(mutex);
  while (!held_) held_ = Held::take(target, output);
}

OutputLock::~OutputLock() {
  const std::lock_guard guard(mutex);
  if (--held_->holders > 0) return;
  held_->name = {};  // before another process may make a file of this name
  // While it is locked: who opened it before sees that it has gone.
  if (held_->is_lock_file && held_->process == ::getpid()) ::unlink(held_->path.c_str());
  ::close(held_->descriptor);
  Held::all.remove_if([this](const Held& held) { return &held == held_; });
}

}  // namespace claptools
