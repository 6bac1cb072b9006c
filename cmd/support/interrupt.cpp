#include "cmd/support/interrupt.hpp"

#include <csignal>

namespace mgaclap::cmd {
namespace {

// A signal handler reaches nothing but globals, and only lock-free ones.
std::atomic<bool> interrupted{false};
std::atomic<int> received{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void note(int signal) {
  received = signal == SIGUSR1 ? SIGTERM : signal;
  interrupted = true;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGUSR1, SIG_DFL);
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
