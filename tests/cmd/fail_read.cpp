// A library to preload: reading a file whose path ends in FAIL_READ_OF (or standard input, with
// "stdin") is first interrupted, then gives one block of at most FAIL_READ_BYTES, then fails: EIO.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

int calls = 0;

bool is_wanted(int file) {
  const char* end = std::getenv("FAIL_READ_OF");
  if (end == nullptr) return false;
  if (std::strcmp(end, "stdin") == 0) return file == STDIN_FILENO;
  char link[64], path[4096] = {};
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  if (readlink(link, path, sizeof path - 1) <= 0) return false;
  const std::size_t length = std::strlen(path), tail = std::strlen(end);
  return length >= tail && std::strcmp(path + length - tail, end) == 0;
}

}  // namespace

extern "C" ssize_t read(int file, void* bytes, size_t size) {
  using Read = ssize_t (*)(int, void*, size_t);
  static const Read next = reinterpret_cast<Read>(dlsym(RTLD_NEXT, "read"));
  if (!is_wanted(file)) return next(file, bytes, size);
  const int call = calls++;
  const char* most = std::getenv("FAIL_READ_BYTES");
  if (call == 1)
    return next(file, bytes, most ? std::min<size_t>(size, std::strtoul(most, nullptr, 10)) : size);
  errno = call == 0 ? EINTR : EIO;
  return -1;
}
