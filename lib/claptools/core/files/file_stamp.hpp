#pragma once

#include <cstdint>
#include <string>

namespace claptools {

/// Identifies the state of a file, to see whether it is still the one that was read.
struct FileStamp {
  std::int64_t size = -1;      ///< bytes; -1 if there is no such file
  std::int64_t mtime_ns = -1;  ///< time of its last change
  bool readable = false;       ///< by this user

  bool operator==(const FileStamp&) const = default;
};

FileStamp stamp_of(const std::string& path);

}  // namespace claptools
