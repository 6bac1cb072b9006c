#pragma once

#include <cstdint>
#include <string>

#include "claptools/core/files/file_stamp.hpp"

namespace claptools {

/// The state of a file that rows were made from.
struct FileRecord {
  std::string id;              ///< of its rows
  std::int64_t size = -1;      ///< bytes; of a shard's member, those of the shard; -1: unknown
  std::int64_t mtime_ns = -1;  ///< time of its last change, ns since 1970; -1: unknown
  std::string sha256 =
      {};  ///< of its content, a member's own, as sha256sum prints it; empty: unknown

  bool operator==(const FileRecord&) const = default;
};

/// A recording that could not be embedded in this state, so that it is not tried again in it.
struct FailedFile {
  std::string id, stage, message;  ///< as InputError has them
  std::int64_t size = -1, mtime_ns = -1;

  bool operator==(const FailedFile&) const = default;
};

}  // namespace claptools
