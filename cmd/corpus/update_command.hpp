#pragma once

#include "cmd/corpus/corpus_options.hpp"

namespace claptools::cmd {

/// update. @return the exit code.
int update(UpdateOptions& options, const Program& program);

}  // namespace claptools::cmd
