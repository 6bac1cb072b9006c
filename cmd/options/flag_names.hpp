#pragma once

#include <string>
#include <string_view>

#include "claptools/core/error.hpp"

namespace claptools::cmd {

/// The library knows no flags: its messages name members of its options in backquotes. Here each
/// of those becomes the flag that sets it, "use `overwrite`" thus "use --force".
std::string with_flags(std::string_view text);

/// The same error for whoever gave flags.
Error with_flags(const Error& error);

}  // namespace claptools::cmd
