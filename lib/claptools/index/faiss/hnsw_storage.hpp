#pragma once
// Internal to the room.

namespace faiss {
struct Index;
}

namespace claptools {

/// A graph within the index, if any, computes its distances as fast as the processor can from now
/// on. FAISS before 1.7.4 adds them up in one chain, and Debian's is compiled for any x86-64.
void quicken_graph(faiss::Index* index);

}  // namespace claptools
