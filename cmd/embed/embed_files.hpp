#pragma once

#include <string>
#include <vector>

#include "cmd/embed/embed_arguments.hpp"
#include "cmd/program/program.hpp"

namespace claptools::cmd {

/// --verify: says what is wrong with embedding files. @return 0, or 65 if anything is.
int verify_files(const std::vector<std::string>& files, const Program& program);

/// --merge: joins embedding files, shards in their order, then other files as given; --virtual
/// leaves their embeddings where they are.
/// A failure of an input that another file has rows of is left out.
/// @throws Error{data} for files of different models or options, and for shards that are missing
/// or duplicated.
int merge_files(const EmbedArguments& arguments, const Program& program);

}  // namespace claptools::cmd
