#pragma once

#include <functional>
#include <string_view>

namespace claptools {

enum class LogLevel { debug, info, warning };

/// How the library reports what is not an error; it never prints by itself. An empty Log is silent.
using Log = std::function<void(LogLevel, std::string_view message)>;

inline void report(const Log& log, LogLevel level, std::string_view message) {
  if (log) log(level, message);
}

}  // namespace claptools
