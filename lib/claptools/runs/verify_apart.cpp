#include "claptools/runs/verify_apart.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string_view>

#include "claptools/store/verify_file.hpp"

namespace claptools {
namespace {

Verdict verify_here(const std::string& file) {
  Verdict verdict;
  try {
    for (const std::string& problem : verify_embedding_file(file)) {
      verdict.fault = Fault::data;
      verdict.problems.push_back(file + ": " + problem);
    }
  } catch (const Error& error) {
    verdict = {error.fault(), {error.what()}};
  } catch (const std::exception& error) {
    verdict = {Fault::data, {file + ": damaged: " + error.what()}};
  }
  return verdict;
}

/// Processor time of this process, many times what HDF5 takes for a file of that size. A lower
/// limit of the user's stays.
void limit_time(const std::string& file) {
  constexpr ::rlim_t kSeconds = 60, kBytesPerSecond = ::rlim_t{1} << 20;
  std::error_code code;
  const auto bytes = std::filesystem::file_size(file, code);
  const ::rlim_t seconds = kSeconds + (code ? 0 : bytes / kBytesPerSecond);
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_CPU, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_cur, seconds);
  ::setrlimit(RLIMIT_CPU, &limit);
  const ::rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
}

/// The two ends of a pipe, closed with it.
struct Pipe {
  std::array<int, 2> ends{-1, -1};

  explicit Pipe(const std::string& subject) {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error(Fault::io, subject, "no process could be started to verify it");
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

void send(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ::ssize_t sent = ::write(to, bytes.data(), bytes.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// All that comes, each problem ended by NUL.
std::vector<std::string> receive(int from) {
  std::vector<std::string> problems;
  std::string problem;
  std::array<char, 4096> bytes{};
  for (;;) {
    const ::ssize_t got = ::read(from, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return problems;
    for (const char byte : std::string_view(bytes.data(), static_cast<std::size_t>(got))) {
      if (byte != '\0') {
        problem += byte;
      } else {
        problems.push_back(std::move(problem));
        problem.clear();
      }
    }
  }
}

[[noreturn]] void be_child(const std::string& file, pid_t parent, int to) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(static_cast<int>(Fault::data));
  limit_time(file);
  const Verdict verdict = verify_here(file);
  for (const std::string& problem : verdict.problems)
    send(to, std::string_view(problem.c_str(), problem.size() + 1));
  ::_exit(verdict.fault ? static_cast<int>(*verdict.fault) : 0);
}

int wait_for(pid_t child, const std::string& file) {
  int status = 0;
  while (::waitpid(child, &status, 0) != child) {
    if (errno != EINTR) throw Error(Fault::io, file, "no process could be started to verify it");
  }
  return status;
}

}  // namespace

Verdict verify_apart(const std::string& file) {
  Pipe pipe(file);
  const pid_t parent = ::getpid(), child = ::fork();
  if (child == 0) be_child(file, parent, pipe.ends[1]);
  if (child < 0) throw Error(Fault::io, file, "no process could be started to verify it");
  pipe.close_end(1);
  std::vector<std::string> problems = receive(pipe.ends[0]);
  const int status = wait_for(child, file);
  if (WIFEXITED(status)) {
    const int code = WEXITSTATUS(status);
    if (code == 0) return {};
    return {static_cast<Fault>(code), std::move(problems)};
  }
  const bool endless = WTERMSIG(status) == SIGXCPU;
  problems.push_back(file + ": damaged: the HDF5 library " +
                     (endless ? "never finishes reading it" : "crashes on it"));
  return {Fault::data, std::move(problems)};
}

}  // namespace claptools
