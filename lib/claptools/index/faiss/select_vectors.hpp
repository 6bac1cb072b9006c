#pragma once
// Internal to the room.

#include <cstddef>
#include <span>

namespace faiss {
struct Index;
}

namespace claptools {

/// Whether the codes of an index can be moved. A graph through them cannot.
bool can_select(const faiss::Index& index);

/// Vector i becomes what vector rows[i] was, in the form that it is stored in: codes are moved, not
/// decoded. A number may occur several times. The training stays. Only if can_select().
void select_vectors(faiss::Index* index, std::span<const std::size_t> rows);

}  // namespace claptools
