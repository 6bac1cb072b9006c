#include "cmd/program/interrupt.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "claptools/core/error.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/files/scratch.hpp"
#include "claptools/store/hdf5/file_in_hdf5.hpp"

namespace claptools::cmd {
namespace {

// A signal handler reaches nothing but globals, and only lock-free ones.
std::atomic<bool> interrupted{false};
std::atomic<int> received{0};
std::atomic<std::int64_t> received_at{0};  // ms
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<std::int64_t>::is_always_lock_free);

/// Schedulers signal all processes of a job, and its script may pass on what it got: the same
/// signal twice.
constexpr std::int64_t kSameSignal_ms = 1000;

std::int64_t now_ms() {  // calls clock_gettime, which a handler may
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// Ends the process as the signal would have.
void end(int signal) {
  remove_scratch();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void note(int signal) {
  if (!interrupted) {
    received = signal == SIGUSR1 ? SIGTERM : signal;
    received_at = now_ms();
    interrupted = true;
  } else if (now_ms() - received_at > kSameSignal_ms) {
    end(signal);
  }
}

const char* running = "";

void say(std::string_view text) {
  [[maybe_unused]] const ::ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

[[noreturn]] void end_for(const char* file, std::string_view reason, Fault fault) {
  remove_scratch();
  say(running);
  say(": error: ");
  say(file);
  say(reason);
  ::_exit(static_cast<int>(fault));
}

/// A page of a mapped file that is gone, a library's crash on a damaged file, or our own bug.
void end_crashed(int signal, siginfo_t* info, void*) {
  const char* const mapped = signal == SIGBUS ? mapped_file_name(info->si_addr) : nullptr;
  if (mapped != nullptr)
    end_for(mapped, ": was cut off, or could not be read, while it was in use\n", Fault::io);
  if (const char* const file = file_in_hdf5())
    end_for(file, ": damaged: the HDF5 library crashes on it\n", Fault::data);
  end(signal);
}

/// Our programs end by _exit(). HDF5 1.10 calls exit() where it gets no memory for an identifier.
void end_by_library() {
  const char* const file = file_in_hdf5();
  end_for(file != nullptr ? file : "a library", ": gave up, most likely out of memory\n",
          Fault::unavailable);
}

/// A crash may be the end of the usual stack.
void use_own_stack() {
  static std::array<std::byte, 65536> memory;
  stack_t stack{};
  stack.ss_sp = memory.data();
  stack.ss_size = memory.size();
  ::sigaltstack(&stack, nullptr);
}

/// A job started in the background with SIGINT ignored keeps ignoring it, one of nohup SIGHUP.
void handle(int signal, void (*handler)(int)) {
  if (std::signal(signal, handler) == SIG_IGN) std::signal(signal, SIG_IGN);
}

}  // namespace

const std::atomic<bool>& handle_interrupts() {
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) handle(signal, note);
  return interrupted;
}

void clean_up_on_signals(const char* tool) {
  running = tool;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, end);
  use_own_stack();
  struct sigaction action {};
  action.sa_sigaction = end_crashed;
  action.sa_flags = SA_SIGINFO | SA_RESETHAND | SA_ONSTACK;
  for (const int crash : {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGABRT})
    ::sigaction(crash, &action, nullptr);
#ifndef __SANITIZE_ADDRESS__
  std::atexit(end_by_library);
#endif
}

int interrupted_code() { return received == 0 ? 0 : 128 + received; }

}  // namespace claptools::cmd
