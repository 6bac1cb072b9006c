#pragma once

#include "claptools/zero_shot/near_miss.hpp"
#include "cmd/program/messages.hpp"

namespace claptools::cmd {

/// Tells that nothing exceeded its threshold, and how near the best score came.
/// @param what "events".
void note_near_miss(const NearMiss& miss, const char* what, const Messages& messages);

}  // namespace claptools::cmd
