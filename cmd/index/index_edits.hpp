#pragma once

#include "cmd/index/index_options.hpp"
#include "cmd/program/program.hpp"

namespace claptools::cmd {

/// add. @return the exit code, as all here. @throws as extend_index.
int add_rows(const IndexOptions& options, const Program& program);

/// remove: says how many rows are gone, and how many of the words were nobody's.
int remove_rows(const IndexOptions& options, const Program& program);

/// compact: says what was dropped.
int compact(const IndexOptions& options, const Program& program);

}  // namespace claptools::cmd
