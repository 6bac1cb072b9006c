#pragma once

#include <string>

#include "claptools/runs/shard.hpp"

namespace claptools::cmd {

/// "I/N", or "slurm": the place of this task in its job array. An empty word is the whole list.
/// @throws Error{usage}.
Shard parse_shard(const std::string& word);

}  // namespace claptools::cmd
