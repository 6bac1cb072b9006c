#pragma once
// Internal to the room.

namespace faiss {
struct Index;
struct IndexHNSW;
struct IndexIVF;
}  // namespace faiss

namespace claptools {

/// The outermost inverted lists, or graph, inside an index, or null. Of a refined index the first
/// stage is meant, which does the search.
faiss::IndexIVF* find_lists(faiss::Index* index);
faiss::IndexHNSW* find_graph(faiss::Index* index);

}  // namespace claptools
