#pragma once

#include "cmd/program/run_main.hpp"

namespace claptools::cmd {

/// The subcommand "compare": two results of --json, or with --task the scores of two systems and
/// their truth. The options of a task are those of its own subcommand.
Action add_compare(CLI::App& app, const Program& program);

}  // namespace claptools::cmd
