#pragma once

#include <span>
#include <string_view>

#include "claptools/core/error.hpp"

namespace claptools::cmd {

/// How the library calls an option, and how the user does: {"time_zero", "--time-zero"}.
struct FlagName {
  std::string_view name, flag;
};

/// The same error for whoever gave flags: each `name` in backquotes becomes its flag.
Error with_flags(const Error& error, std::span<const FlagName> names);

/// @return what `work` returns. An error that it throws comes with_flags().
template <typename Work>
auto naming_flags(std::span<const FlagName> names, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw with_flags(error, names);
  }
}

}  // namespace claptools::cmd
