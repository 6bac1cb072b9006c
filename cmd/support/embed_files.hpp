#pragma once

#include <string>
#include <vector>

#include "cmd/support/program.hpp"

namespace mgaclap::cmd {

/// --verify: says what is wrong with embedding files. @return 0, or 65 if anything is.
int verify_files(const std::vector<std::string>& files, const Program& program);

/// --merge: copies embedding files into one, shards in their order, then other files as given.
/// A failure of an input that another file has rows of is left out.
/// @throws Error{data} for files of different models or options, and for shards that are missing
/// or there twice.
int merge_files(const std::vector<std::string>& files, const std::string& output, bool force,
                const Program& program);

}  // namespace mgaclap::cmd
