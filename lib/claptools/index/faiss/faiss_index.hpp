#pragma once
// Internal to the room.

#include <memory>
#include <string>

#include "claptools/index/index.hpp"

namespace faiss {
struct Index;
}

namespace claptools {

class MappedLists;

/// Lists probed by an index that was not told: the square root of their number, not FAISS's 1.
void set_default_effort(faiss::Index* index);

/// @param name what messages call it.
/// @param mapped the lists of the index, where they stay in their file; may be null.
std::unique_ptr<Index> wrap_faiss(std::unique_ptr<faiss::Index> index, std::string name,
                                  const MappedLists* mapped);

}  // namespace claptools
