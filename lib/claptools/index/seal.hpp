#pragma once
// Internal to the room.

#include <filesystem>

namespace claptools {

/// Appends the checksum of a file to it: 8 bytes "clapseal" and the XXH64 of all before, little
/// endian. HDF5 ignores what follows its own end. @throws Error{io}.
void seal_file(const std::filesystem::path& path);

/// @throws Error{data} unless the file is as it was when it was sealed; {no_input}.
void check_seal(const std::filesystem::path& path);

}  // namespace claptools
