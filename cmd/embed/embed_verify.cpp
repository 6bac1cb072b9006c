#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "claptools/core/error.hpp"
#include "claptools/store/verify_file.hpp"
#include "cmd/embed/embed_files.hpp"

namespace claptools::cmd {
namespace {

constexpr int kDamaged = static_cast<int>(Fault::data);

int verify_here(const std::string& file, const Program& program) {
  try {
    const auto problems = verify_embedding_file(file);
    for (const std::string& problem : problems) program.messages.error(file + ": " + problem);
    return problems.empty() ? 0 : kDamaged;
  } catch (const Error& error) {
    program.messages.error(error.what());
    return static_cast<int>(error.fault());
  } catch (const std::exception& error) {
    program.messages.error(file + ": damaged: " + error.what());
    return kDamaged;
  }
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

/// In a child, as HDF5 may crash on damaged structures or never end; what ends this process ends
/// the child.
int verify_apart(const std::string& file, const Program& program) {
  const pid_t parent = ::getpid(), child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kDamaged);
    limit_time(file);
    ::_exit(verify_here(file, program));
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child)
    throw Error(Fault::io, file, "no process could be started to verify it");
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  const bool endless = WTERMSIG(status) == SIGXCPU;
  program.messages.error(file + ": damaged: the HDF5 library " +
                         (endless ? "never finishes reading it" : "crashes on it"));
  return kDamaged;
}

}  // namespace

int verify_files(const std::vector<std::string>& files, const Program& program) {
  int worst = 0;
  for (const std::string& file : files) worst = std::max(worst, verify_apart(file, program));
  return worst;
}

}  // namespace claptools::cmd
