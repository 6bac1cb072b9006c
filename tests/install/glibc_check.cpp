// What scripts/package/glibc.c gives, used as the libraries of a bundle use it.
// Prints what is wrong; the count is the exit status.
#include <fcntl.h>
#include <sys/single_threaded.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

extern "C" void arc4random_buf(void* buffer, std::size_t size) noexcept;
extern "C" int close_range(unsigned first, unsigned last, int flags) noexcept;

namespace {

const std::string kConstructed(100, 'x');  // by a constructor that the C library, or ours, calls
int failures = 0;

void expect(bool is_so, const char* what) {
  if (is_so) return;
  std::printf("FAILED: %s\n", what);
  ++failures;
}

[[noreturn]] void fail(int depth) {
  if (depth == 0) throw std::runtime_error("thrown");
  fail(depth - 1);
}

void check_exceptions() {
  std::string caught;
  try {
    fail(20);
  } catch (const std::exception& error) {
    caught = error.what();
  }
  expect(caught == "thrown", "an exception is caught");
}

// A wait on the steady clock that ends by itself, and one that is ended.
void check_waits() {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_done = false;
  std::unique_lock lock(mutex);
  const auto start = std::chrono::steady_clock::now();
  expect(!changed.wait_for(lock, std::chrono::milliseconds(1200), [] { return false; }),
         "a wait ends");
  const auto waited = std::chrono::steady_clock::now() - start;
  expect(waited >= std::chrono::milliseconds(1200) && waited < std::chrono::seconds(30),
         "a wait lasts");
  std::thread other([&] {
    const std::scoped_lock held(mutex);
    is_done = true;
    changed.notify_all();
  });
  expect(changed.wait_for(lock, std::chrono::seconds(60), [&] { return is_done; }),
         "a wait is ended");
  lock.unlock();
  expect(__libc_single_threaded == 0, "a variable that a program has a copy of");
  other.join();
}

void check_files(const char* program) {
  struct stat by_path = {}, by_file = {}, of_link = {};
  const int file = ::open(program, O_RDONLY);
  expect(::stat(program, &by_path) == 0 && S_ISREG(by_path.st_mode) && by_path.st_size > 1000,
         "stat");
  expect(::fstat(file, &by_file) == 0 && by_file.st_ino == by_path.st_ino &&
             by_file.st_size == by_path.st_size,
         "fstat");
  expect(::lstat("/proc/self/exe", &of_link) == 0 && S_ISLNK(of_link.st_mode), "lstat");
  expect(::fstatat(AT_FDCWD, "/nowhere", &of_link, 0) == -1 && errno == ENOENT, "fstatat");
  if (close_range(static_cast<unsigned>(file), static_cast<unsigned>(file), 0) == 0)
    expect(::fstat(file, &by_file) == -1 && errno == EBADF, "close_range");
}

void check_random_bytes() {
  std::uint64_t first[4] = {}, second[4] = {};
  arc4random_buf(first, sizeof first);
  arc4random_buf(second, sizeof second);
  expect(first[0] != second[0] && first[3] != second[3] && first[0] != 0, "random bytes");
  std::random_device device;
  expect(device() != device() || device() != device(), "random_device");
}

}  // namespace

int main(int count, char** arguments) {
  expect(kConstructed == std::string(100, 'x'), "constructors ran");
  expect(count == 1 && arguments[1] == nullptr, "arguments");
  expect(::gettid() == ::getpid(), "gettid");
  check_exceptions();
  check_waits();
  check_files(arguments[0]);
  check_random_bytes();
  std::printf("%d failures\n", failures);
  return failures;
}
