#pragma once
// Internal to the room.

#include <memory>

#include "claptools/index/checked_file.hpp"
#include "claptools/index/faiss/faiss_layout.hpp"

namespace faiss {
struct Index;
}

namespace claptools {

/// Inverted lists that stay in their file; a list is read and checked when a search first probes
/// it.
class MappedLists {
 public:
  virtual ~MappedLists() = default;

  /// FAISS calls from threads that no exception may leave, so that damage is asked for after each
  /// search. @throws Error{data} if a list that was probed is damaged.
  virtual void require_undamaged() const = 0;
};

/// Gives an index that was read around its lists what it is missing.
/// @return the lists, which belong to the index.
const MappedLists& map_lists(faiss::Index& index, std::shared_ptr<const CheckedFile> file,
                             StoredLists stored);

}  // namespace claptools
