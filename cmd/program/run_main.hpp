#pragma once

#include <functional>

#include "cmd/program/program.hpp"

namespace claptools::cmd {

struct ToolInfo {
  const char* name;     ///< "clap-query"
  const char* summary;  ///< one sentence, first line of --help
  const char* example;  ///< command lines, last lines of --help
};

/// Does the work after parsing; returns the exit code, 0 or 1 (or an interruption's).
using Action = std::function<int()>;

/// Adds a tool's own options, bound to something that the Action it returns keeps alive. `program`
/// is filled in when the Action runs.
using Setup = std::function<Action(CLI::App& app, const Program& program)>;

/// main() of every tool. Parses with CLI11: adds -h, --version, --config (TOML or INI) and the
/// common options to the tool (or to each of its subcommands); defaults come from the environment
/// and
/// --config (arguments.hpp). Then runs the Action, turns every exception
/// into one line on standard error and an exit code (contract: "Exit codes"), and makes sure that
/// standard output was written before it answers 0 or 1.
int run_main(int argc, char** argv, const ToolInfo& tool, const Setup& setup);

}  // namespace claptools::cmd
