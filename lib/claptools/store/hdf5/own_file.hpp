#pragma once

#include <string>

namespace claptools {

/// For the moment before an HDF5 output replaces what lies at its path: only a file of these tools
/// may be, or an empty one, or nothing; links are followed, and "-" is always free.
/// @throws Error{cannot_create} for any other file, {no_input} for one that cannot be read.
void require_own_file(const std::string& path);

}  // namespace claptools
