// Internal to the room: the text that pages of hits have in common.
#pragma once

#include <string_view>

namespace claptools {

/// What every page of hits has: its style sheet and the program of its players.
extern const std::string_view kHitPageStyle;
extern const std::string_view kHitPageScript;

}  // namespace claptools
