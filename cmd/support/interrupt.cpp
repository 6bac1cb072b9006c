#include "cmd/support/interrupt.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>

namespace mgaclap::cmd {
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

void note(int signal) {
  if (!interrupted) {
    received = signal == SIGUSR1 ? SIGTERM : signal;
    received_at = now_ms();
    interrupted = true;
  } else if (now_ms() - received_at > kSameSignal_ms) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace

const std::atomic<bool>& handle_interrupts() {
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) {
    // A job started in the background with SIGINT ignored keeps ignoring it.
    if (std::signal(signal, note) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
  return interrupted;
}

int interrupted_code() { return received == 0 ? 0 : 128 + received; }

}  // namespace mgaclap::cmd
