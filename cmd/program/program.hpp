#pragma once

#include <string>

#include "cmd/program/messages.hpp"

namespace CLI {
class App;
}

namespace claptools::cmd {

/// What the options that all tools share were set to, and who is running.
struct Program {
  explicit Program(std::string tool) : name(std::move(tool)), messages(name) {}

  std::string name;               ///< "clap-query"
  std::string command_line;       ///< as typed, quoted for a shell: the attribute `command`
  Messages messages;              ///< -q, -v
  int threads = 1;                ///< --threads
  std::string device = "auto";    ///< --device
  std::string progress = "auto";  ///< --progress

  /// Name and version: the attribute `tool`.
  std::string tool() const;
};

/// --threads, --device, --progress, -v, -q, bound to `program`.
void add_common_options(CLI::App& app, Program& program);

/// How many processors this process may run on.
int usable_processors();

/// The words joined as a POSIX shell would read them back.
std::string shell_quote(int count, const char* const* words);

}  // namespace claptools::cmd
