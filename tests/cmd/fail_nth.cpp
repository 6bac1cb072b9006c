// A library to preload: one call of FAIL_CALL (write, fsync, rename, flock or malloc), the
// FAIL_AT-th one that the program makes from main() on, fails: with ENOSPC, EIO, ENOLCK or ENOMEM.
// How many calls there were is written to FAIL_COUNT at the end. Writes to standard output and
// error are not counted. With FAIL_STOP set, the process stops there instead, and its call is made
// when it is continued. FAIL_CALL=read, interrupt or end: the FAIL_AT-th read of a file whose path
// ends in READ_ON ends with EIO, EINTR or as at the end of the file;
// FAIL_CALL=crash: with the signal FAIL_SIGNAL; with SHORT_READS each read of one gives half of it.
// With LOSE_WRITES all writes are said to be done, and are not. Reading a file whose path ends in
// STALL_ON never returns, nor does asking for the state of one that ends in STALL_STAT.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
}

namespace {

using Main = int (*)(int, char**, char**);

std::atomic<bool> armed{false};
std::atomic<long> calls{0};
long fail_at = -1;
bool lose_writes = false;
const char* fail_call = "";
Main program = nullptr;

template <typename F>
F next_of(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

bool fails(const char* call, int error) {
  if (!armed || std::strcmp(call, fail_call) != 0 || ++calls != fail_at) return false;
  if (std::getenv("FAIL_STOP") != nullptr) {
    kill(getpid(), SIGSTOP);
    return false;
  }
  errno = error;
  return true;
}

bool loses(int file) { return armed && lose_writes && file > STDERR_FILENO; }

/// As a network file system that has gone away.
void stall(const char* variable, const char* path) {
  const char* end = std::getenv(variable);
  if (end == nullptr) return;
  const std::size_t length = std::strlen(path), tail = std::strlen(end);
  if (length < tail || std::strcmp(path + length - tail, end) != 0) return;
  for (;;) pause();
}

struct OpenPath {
  char text[4096] = {};
  explicit OpenPath(int file) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    if (readlink(link, text, sizeof text - 1) < 0) text[0] = 0;
  }
};

void stall(int file) {
  if (std::getenv("STALL_ON") != nullptr) stall("STALL_ON", OpenPath(file).text);
}

/// @return what is to be read of `size`, -1 for an error.
ssize_t readable(int file, size_t size) {
  const char* end = armed ? std::getenv("READ_ON") : nullptr;
  if (end == nullptr) return static_cast<ssize_t>(size);
  const OpenPath path(file);
  const std::size_t length = std::strlen(path.text), tail = std::strlen(end);
  if (length < tail || std::strcmp(path.text + length - tail, end) != 0)
    return static_cast<ssize_t>(size);
  if (fails("read", EIO) || fails("interrupt", EINTR)) return -1;
  if (fails("end", 0)) return 0;
  if (fails("crash", 0)) raise(std::atoi(std::getenv("FAIL_SIGNAL")));
  return static_cast<ssize_t>(std::getenv("SHORT_READS") != nullptr ? (size + 1) / 2 : size);
}

int begin(int argc, char** argv, char** environment) {
  armed = true;
  return program(argc, argv, environment);
}

struct Counts {
  Counts() {
    if (const char* at = std::getenv("FAIL_AT")) fail_at = std::atol(at);
    if (const char* call = std::getenv("FAIL_CALL")) fail_call = call;
    lose_writes = std::getenv("LOSE_WRITES") != nullptr;
    unsetenv("LD_PRELOAD");  // the programs that this one may start are left alone
  }
  ~Counts() { tell(); }

  void tell() {
    armed = false;
    const char* path = std::getenv("FAIL_COUNT");
    std::FILE* file = path != nullptr ? std::fopen(path, "w") : nullptr;
    if (file == nullptr) return;
    std::fprintf(file, "%ld\n", calls.load());
    std::fclose(file);
  }
} counts;

}  // namespace

extern "C" {

// The tools end so: without destructors.
void _exit(int code) {
  counts.tell();
  next_of<void (*)(int)>("_exit")(code);
  __builtin_unreachable();
}

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                      void (*rtld_fini)(), void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  program = main;
  return next_of<Start>("__libc_start_main")(begin, argc, argv, init, fini, rtld_fini, stack_end);
}

ssize_t write(int file, const void* bytes, size_t size) {
  if (file > STDERR_FILENO && fails("write", ENOSPC)) return -1;
  if (loses(file)) return static_cast<ssize_t>(size);
  return next_of<ssize_t (*)(int, const void*, size_t)>("write")(file, bytes, size);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  if (fails("write", ENOSPC)) return -1;
  if (loses(file)) return static_cast<ssize_t>(size);
  return next_of<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  if (fails("write", ENOSPC)) return -1;
  if (loses(file)) return static_cast<ssize_t>(size);
  return next_of<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, size, at);
}

ssize_t pread(int file, void* bytes, size_t size, off_t at) {
  stall(file);
  const ssize_t some = readable(file, size);
  if (some < 0) return -1;
  return next_of<ssize_t (*)(int, void*, size_t, off_t)>("pread")(file, bytes,
                                                                  static_cast<size_t>(some), at);
}

ssize_t pread64(int file, void* bytes, size_t size, off64_t at) {
  stall(file);
  const ssize_t some = readable(file, size);
  if (some < 0) return -1;
  return next_of<ssize_t (*)(int, void*, size_t, off64_t)>("pread64")(
      file, bytes, static_cast<size_t>(some), at);
}

ssize_t read(int file, void* bytes, size_t size) {
  const ssize_t some = readable(file, size);
  if (some < 0) return -1;
  return next_of<ssize_t (*)(int, void*, size_t)>("read")(file, bytes, static_cast<size_t>(some));
}

int stat(const char* path, struct stat* status) {
  stall("STALL_STAT", path);
  return next_of<int (*)(const char*, struct stat*)>("stat")(path, status);
}

int fsync(int file) { return fails("fsync", EIO) ? -1 : next_of<int (*)(int)>("fsync")(file); }

int flock(int file, int operation) {
  return fails("flock", ENOLCK) ? -1 : next_of<int (*)(int, int)>("flock")(file, operation);
}

int rename(const char* from, const char* to) {
  if (fails("rename", EIO)) return -1;
  return next_of<int (*)(const char*, const char*)>("rename")(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  if (fails("rename", EIO)) return -1;
  return next_of<int (*)(int, const char*, int, const char*, unsigned)>("renameat2")(
      from_folder, from, to_folder, to, flags);
}

void* malloc(size_t size) { return fails("malloc", ENOMEM) ? nullptr : __libc_malloc(size); }

void* calloc(size_t count, size_t size) {
  return fails("malloc", ENOMEM) ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
  return fails("malloc", ENOMEM) ? nullptr : __libc_realloc(old, size);
}
}
