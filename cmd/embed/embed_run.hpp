#pragma once

#include <cstddef>

#include "cmd/embed/embed_arguments.hpp"

namespace claptools::cmd {

/// Texts of a model that has collapsed could never be found in what is embedded with it.
/// @param allow_collapsed then it is only a warning. @throws Error{data}.
void check_texts(const OpenedModel& opened, bool allow_collapsed, const Program& program);

/// Says that no input could be read, if there were several: each has had its line.
/// @return the exit code.
int answer_nothing(std::size_t failed, const Program& program);

/// Embeds recordings into the output; what an interrupted run left is resumed if the arguments say
/// so. @return the exit code.
int embed_recordings(const EmbedArguments& arguments, const Program& program,
                     const OpenedModel& opened);

/// The same for texts.
int embed_texts(const EmbedArguments& arguments, const Program& program, const OpenedModel& opened);

}  // namespace claptools::cmd
