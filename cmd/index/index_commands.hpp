#pragma once

#include <functional>
#include <memory>
#include <string>

#include "claptools/index/index_directory.hpp"
#include "cmd/index/index_options.hpp"
#include "cmd/program/run_main.hpp"

namespace claptools::cmd {

extern const ToolInfo kIndexTool;

/// Adds a command. @return where its options go.
using AddCommand = std::function<CLI::App*(const char* name, const char* description, Action work)>;

/// Adds further commands, which come first.
using MoreCommands = std::function<void(const std::shared_ptr<IndexOptions>&, const AddCommand&)>;

/// Setup of the tool: `more`, and the commands that work on rows.
Action set_up_index(CLI::App& app, const Program& program, const MoreCommands& more);

/// build, where the inputs are embedding files, and merge to another type.
int build_from_files(IndexOptions& options, const Program& program);

/// Publishes an index as made by this run.
void write_index(const std::string& path, IndexDirectory& directory, const Program& program,
                 bool force);

/// @return the path. @throws Error{no_input} unless there is something.
const std::string& require_index(const std::string& path);

}  // namespace claptools::cmd
