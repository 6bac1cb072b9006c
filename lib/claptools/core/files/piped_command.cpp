#include "claptools/core/files/piped_command.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/files/input_stream.hpp"
#include "claptools/core/system_reason.hpp"

extern char** environ;

namespace claptools {
namespace {

/// Standard input is ours: a command that read it would take names from the list.
struct Redirections {
  ::posix_spawn_file_actions_t actions{};

  explicit Redirections(int output) {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  }
  Redirections(const Redirections&) = delete;
  Redirections& operator=(const Redirections&) = delete;
  ~Redirections() { ::posix_spawn_file_actions_destroy(&actions); }
};

/// Signals as a shell starts its commands, whatever this program does with them.
struct DefaultSignals {
  ::posix_spawnattr_t attributes{};

  DefaultSignals() {
    ::sigset_t handled, none;
    ::sigemptyset(&none);
    ::sigemptyset(&handled);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ})
      ::sigaddset(&handled, signal);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigdefault(&attributes, &handled);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  DefaultSignals(const DefaultSignals&) = delete;
  DefaultSignals& operator=(const DefaultSignals&) = delete;
  ~DefaultSignals() { ::posix_spawnattr_destroy(&attributes); }
};

/// A shell tells of a command that it ran by a number.
bool is_broken_pipe(int status) {
  return WIFSIGNALED(status) ? WTERMSIG(status) == SIGPIPE : WEXITSTATUS(status) == 128 + SIGPIPE;
}

}  // namespace

PipedCommand::PipedCommand(const std::string& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(Fault::unavailable, command, system_reason(errno));
  descriptor_ = ends[0];
  std::string shell = "sh", option = "-c", text = command;
  const std::array<char*, 4> words = {shell.data(), option.data(), text.data(), nullptr};
  const Redirections redirections(ends[1]);
  const DefaultSignals signals;
  const int code = ::posix_spawn(&child_, "/bin/sh", &redirections.actions, &signals.attributes,
                                 words.data(), environ);
  ::close(ends[1]);
  if (code == 0) return;
  ::close(descriptor_);
  throw Error(Fault::unavailable, command, system_reason(code));
}

PipedCommand::~PipedCommand() {
  if (descriptor_ >= 0) ::close(descriptor_);  // ends what still writes into it
  if (child_ >= 0) wait(true);
}

std::string PipedCommand::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

std::string PipedCommand::finish(const std::atomic<bool>& stop) {
  constexpr std::streamsize kMaxRest = 1 << 20;
  bool has_more = false;
  {
    InputStream rest(path(), &stop);
    has_more = rest.ignore(kMaxRest).gcount() == kMaxRest;
  }
  ::close(std::exchange(descriptor_, -1));
  const int status = wait(stop);
  if (has_more && is_broken_pipe(status)) return "";
  if (WIFSIGNALED(status)) return "is ended by signal " + std::to_string(WTERMSIG(status));
  const int code = WEXITSTATUS(status);
  return code == 0 ? "" : "exits with " + std::to_string(code);
}

/// @return its status as waitpid gives it.
int PipedCommand::wait(const std::atomic<bool>& stop) {
  constexpr auto kGlance = std::chrono::milliseconds(10);
  int status = 0;
  while (::waitpid(child_, &status, WNOHANG) == 0) {
    if (stop) ::kill(child_, SIGTERM);
    std::this_thread::sleep_for(kGlance);
  }
  child_ = -1;
  return status;
}

}  // namespace claptools
