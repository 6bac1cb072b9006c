// A library to preload: the power goes at the POWER_AT-th operation on files below POWER_FOLDER
// that the program makes from main() on. What was written and not synced is dropped: such files
// become empty. With POWER_UNDO set, so are names: what was created or renamed in a folder that was
// not synced since is undone. Then the process is killed. How many operations there were is written
// to POWER_COUNT at the end. Folders keep what was removed from them removed.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Main = int (*)(int, char**, char**);
using Inode = std::pair<dev_t, ino_t>;

/// An entry of a folder that is not on disk yet.
struct Name {
  enum Kind { created, renamed, exchanged } kind;
  fs::path from, to;
  fs::path replaced;  ///< the file that a rename replaced, kept aside
};

template <typename F>
F next_of(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

struct Disk {
  std::recursive_mutex mutex;
  bool armed = false;
  long operations = 0, at = -1;
  fs::path folder, aside;
  bool undoes = false;
  std::set<Inode> unsynced;
  std::vector<Name> names;

  bool has(const fs::path& path) const {
    return !folder.empty() && path.native().starts_with(folder.native() + "/") &&
           !path.native().starts_with(aside.native());
  }

  /// Before an operation is made.
  void tick() {
    if (++operations == at) fail();
  }

  [[noreturn]] void fail() {
    armed = false;
    std::error_code ignored;
    for (fs::recursive_directory_iterator it(folder, ignored), end; it != end;
         it.increment(ignored)) {
      struct stat status {};
      if (lstat(it->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
      if (unsynced.contains({status.st_dev, status.st_ino})) {
        [[maybe_unused]] const int done = truncate(it->path().c_str(), 0);
      }
    }
    for (auto name = names.rbegin(); undoes && name != names.rend(); ++name) undo(*name);
    fs::remove_all(aside, ignored);
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }

  static void undo(const Name& name) {
    std::error_code ignored;
    if (name.kind == Name::created) {
      fs::remove(name.to, ignored);  // a folder only where it is empty
    } else if (name.kind == Name::exchanged) {
      renameat2(AT_FDCWD, name.from.c_str(), AT_FDCWD, name.to.c_str(), RENAME_EXCHANGE);
    } else {
      fs::rename(name.to, name.from, ignored);
      if (!name.replaced.empty()) fs::rename(name.replaced, name.to, ignored);
    }
  }
};

Disk disk;
Main program = nullptr;

fs::path path_of(int file) {
  char link[64], path[4096] = {};
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  return readlink(link, path, sizeof path - 1) > 0 ? path : "";
}

fs::path absolute(const char* path) {
  std::error_code failed;
  return fs::absolute(path, failed).lexically_normal();
}

/// A file's content changes.
void changes(int file) {
  if (!disk.armed) return;
  const std::lock_guard guard(disk.mutex);
  struct stat status {};
  if (!disk.armed || !disk.has(path_of(file)) || fstat(file, &status) != 0) return;
  disk.tick();
  disk.unsynced.insert({status.st_dev, status.st_ino});
}

void synced(int file) {
  if (!disk.armed) return;
  const std::lock_guard guard(disk.mutex);
  struct stat status {};
  const fs::path path = path_of(file);
  if (!disk.armed || fstat(file, &status) != 0) return;
  if (path != disk.folder && !disk.has(path)) return;
  disk.tick();
  disk.unsynced.erase({status.st_dev, status.st_ino});
  std::erase_if(disk.names, [&](const Name& name) { return name.to.parent_path() == path; });
}

/// @return whether it was new: then its name is.
int opened(const char* path, bool creates, int file) {
  if (!disk.armed || !creates || file < 0) return file;
  const std::lock_guard guard(disk.mutex);
  const fs::path whole = absolute(path);
  if (disk.armed && disk.has(whole)) {
    disk.tick();
    disk.names.push_back({Name::created, {}, whole, {}});
  }
  return file;
}

int renames(const char* from, const char* to, unsigned flags) {
  const auto call = [&] {
    return next_of<int (*)(int, const char*, int, const char*, unsigned)>("renameat2")(
        AT_FDCWD, from, AT_FDCWD, to, flags);
  };
  if (!disk.armed || !disk.has(absolute(to))) return call();
  const std::lock_guard guard(disk.mutex);
  disk.tick();
  Name name{
      flags == RENAME_EXCHANGE ? Name::exchanged : Name::renamed, absolute(from), absolute(to), {}};
  std::error_code failed;
  if (flags == 0 && fs::is_regular_file(name.to, failed)) {
    fs::create_directories(disk.aside, failed);
    name.replaced = disk.aside / std::to_string(disk.operations);
    fs::create_hard_link(name.to, name.replaced, failed);
  }
  const int result = call();
  if (result == 0) disk.names.push_back(name);
  return result;
}

int begin(int argc, char** argv, char** environment) {
  if (const char* folder = std::getenv("POWER_FOLDER")) disk.folder = folder;
  if (const char* at = std::getenv("POWER_AT")) disk.at = std::atol(at);
  disk.aside = disk.folder / ".aside";
  disk.undoes = std::getenv("POWER_UNDO") != nullptr;
  unsetenv("LD_PRELOAD");
  disk.armed = true;
  return program(argc, argv, environment);
}

struct Count {
  ~Count() { tell(); }

  void tell() {
    disk.armed = false;
    std::error_code ignored;
    fs::remove_all(disk.aside, ignored);
    const char* path = std::getenv("POWER_COUNT");
    std::FILE* file = path != nullptr ? std::fopen(path, "w") : nullptr;
    if (file == nullptr) return;
    std::fprintf(file, "%ld\n", disk.operations);
    std::fclose(file);
  }
} count;

mode_t mode_of(int flags, std::va_list list) {
  return (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
}

int opens(const char* function, const char* path, int flags, mode_t mode) {
  const bool creates = (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
  const int file = next_of<int (*)(const char*, int, ...)>(function)(path, flags, mode);
  return opened(path, creates, file);
}

}  // namespace

extern "C" {

// The tools end so: without destructors.
void _exit(int code) {
  count.tell();
  next_of<void (*)(int)>("_exit")(code);
  __builtin_unreachable();
}

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                      void (*rtld_fini)(), void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  program = main;
  return next_of<Start>("__libc_start_main")(begin, argc, argv, init, fini, rtld_fini, stack_end);
}

int open(const char* path, int flags, ...) {
  std::va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return opens("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  std::va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return opens("open64", path, flags, mode);
}

int mkdir(const char* path, mode_t mode) {
  const int made = next_of<int (*)(const char*, mode_t)>("mkdir")(path, mode);
  return opened(path, true, made);
}

ssize_t write(int file, const void* bytes, size_t size) {
  changes(file);
  return next_of<ssize_t (*)(int, const void*, size_t)>("write")(file, bytes, size);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  changes(file);
  return next_of<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  changes(file);
  return next_of<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, size, at);
}

int ftruncate(int file, off_t size) noexcept {
  changes(file);
  return next_of<int (*)(int, off_t)>("ftruncate")(file, size);
}

int ftruncate64(int file, off64_t size) noexcept {
  changes(file);
  return next_of<int (*)(int, off64_t)>("ftruncate64")(file, size);
}

int fsync(int file) {
  const int result = next_of<int (*)(int)>("fsync")(file);
  synced(file);
  return result;
}

int fdatasync(int file) {
  const int result = next_of<int (*)(int)>("fdatasync")(file);
  synced(file);
  return result;
}

int rename(const char* from, const char* to) noexcept { return renames(from, to, 0); }

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  if (from_folder == AT_FDCWD && to_folder == AT_FDCWD) return renames(from, to, flags);
  return next_of<int (*)(int, const char*, int, const char*, unsigned)>("renameat2")(
      from_folder, from, to_folder, to, flags);
}
}
