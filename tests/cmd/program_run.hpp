#pragma once

#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"

namespace claptools::testing {

/// What a program left behind.
struct ProgramRun {
  int code = -1;  ///< 128 and more: ended by a signal
  std::string out, err;

  std::size_t error_lines() const {
    return static_cast<std::size_t>(std::count(err.begin(), err.end(), '\n'));
  }
};

inline std::string shell_word(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

/// Runs a program with these words, nothing on its standard input.
inline ProgramRun run_program(const std::vector<std::string>& words) {
  const TempDir folder;
  std::string line;
  for (const std::string& word : words) line += shell_word(word) + " ";
  line += "</dev/null >" + shell_word(folder / "out") + " 2>" + shell_word(folder / "err");
  const int status = std::system(line.c_str());
  ProgramRun run;
  run.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.out = read_bytes(folder / "out");
  run.err = read_bytes(folder / "err");
  return run;
}

}  // namespace claptools::testing
