#pragma once
// Internal to the room.

#include <string>

namespace faiss {
struct Index;
}

namespace claptools {

/// As SearchIndex::type.
std::string describe_index(const faiss::Index& index);

}  // namespace claptools
