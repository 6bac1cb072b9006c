#pragma once

#include <string>
#include <vector>

namespace claptools {

/// Compares an embedding file with the checksums it carries: what is wrong with it, one sentence
/// each, none if it is as it was written. HDF5 reads the structures and may crash on damaged ones;
/// call it in a separate process to survive that.
/// @throws Error{no_input}, {data} for what cannot be read any further.
std::vector<std::string> verify_embedding_file(const std::string& path);

}  // namespace claptools
