#pragma once

#include <string>

namespace claptools {

/// To be called before an HDF5 output replaces what is at its path, which must be a file of these
/// tools, an empty file, or nothing; links are followed, and "-" is always accepted.
/// @throws Error{cannot_create} for any other file, {no_input} for one that cannot be read.
void require_own_file(const std::string& path);

}  // namespace claptools
