#pragma once

#include "cmd/embed/embed_arguments.hpp"

namespace claptools::cmd {

/// Embeds recordings into the output; what an interrupted run left is resumed if the arguments say
/// so. @return the exit code.
int embed_recordings(const EmbedArguments& arguments, const Program& program,
                     const OpenedModel& opened);

/// The same for texts.
int embed_texts(const EmbedArguments& arguments, const Program& program, const OpenedModel& opened);

}  // namespace claptools::cmd
