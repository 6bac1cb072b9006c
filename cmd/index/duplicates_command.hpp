#pragma once

#include <string>
#include <vector>

#include "claptools/index/duplicates/duplicates.hpp"
#include "cmd/program/program.hpp"
#include "cmd/program/table_writer.hpp"

namespace claptools::cmd {

/// What clap-index duplicates is given.
struct DuplicatesOptions {
  std::vector<std::string> indexes;  ///< as open_search_directories takes them
  DuplicateOptions search;
  bool rows_only = false;  ///< --no-files
  TableOptions table;
};

/// All options of duplicates.
void add_duplicates(CLI::App& command, DuplicatesOptions& options);

/// Prints a line per pair of recordings. @return the exit code.
int print_duplicates(DuplicatesOptions& options, const Program& program);

}  // namespace claptools::cmd
