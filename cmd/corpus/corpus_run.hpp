#pragma once

#include <string>
#include <vector>

#include "claptools/corpus/update_index.hpp"
#include "claptools/models/opened_model.hpp"
#include "cmd/program/program.hpp"

namespace claptools::cmd {

/// Reports the inputs that could not even be listed.
void say_broken(const Corpus& corpus, const Program& program);

/// Embeds what is still to be embedded, with progress; failures are reported as they come.
/// @return 0, or the exit code of an interruption.
int embed_pending(PendingRows& pending, std::vector<AudioInput> inputs, const Model& model,
                  const EmbedOptions& options, const std::string& index, const Program& program);

/// "3 added, 1 removed, 998 unchanged".
std::string describe(const UpdateCounts& counts);

/// What apply_update() reports, as progress and a line on what a graph costs.
UpdateEvents update_events(const std::string& index, const IndexDirectory& directory,
                           const Program& program);

}  // namespace claptools::cmd
