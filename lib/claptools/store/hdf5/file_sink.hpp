#pragma once
// Internal to the room.

#include <cstddef>
#include <span>
#include <string>

#include "claptools/store/hdf5/hdf5.hpp"

namespace claptools::hdf5 {

/// In place of an errno: the bytes ended before the file did.
inline constexpr int kCutOff = -1;

/// The message for FileSink::error.
std::string failure_reason(int error);

/// Where a file driver of our own puts the bytes of a new file. HDF5 1.10 cannot give up a file
/// that can no longer be written: it keeps a dangling entry, prints, or crashes at the end of the
/// process. So the driver notes the first failure here, drops what follows and lets HDF5 believe
/// that all went well; its user looks at `error`.
struct FileSink {
  int descriptor = -1;               ///< -1: the file is `image`, only to be read
  std::span<const std::byte> image;  ///< not copied
  int error = 0;                     ///< errno of the first failure, 0 if none; or kCutOff
  Handle driver;                     ///< registered; HDF5 needs it until the file is closed
};

/// File access through the driver; `sink` must outlive the file.
/// @throws Error{unavailable} if this HDF5 does not take the driver: it would use its own, and
/// write to the name that it is told.
Handle sink_access(FileSink& sink);

}  // namespace claptools::hdf5
