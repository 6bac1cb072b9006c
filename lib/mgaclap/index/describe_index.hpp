#pragma once
// Internal to the room.

#include <string>

namespace faiss {
struct Index;
}

namespace mgaclap {

/// As SearchIndex::type.
std::string describe_index(const faiss::Index& index);

}  // namespace mgaclap
