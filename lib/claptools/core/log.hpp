#pragma once

#include <functional>
#include <string_view>

namespace claptools {

enum class LogLevel { debug, info, warning };

/// Receives everything that the library reports except errors; the library never prints. An empty
/// Log is silent.
using Log = std::function<void(LogLevel, std::string_view message)>;

inline void report(const Log& log, LogLevel level, std::string_view message) {
  if (log) log(level, message);
}

}  // namespace claptools
