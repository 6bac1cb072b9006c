#include "claptools/index/faiss/mapped_lists.hpp"

#include <faiss/IndexIVF.h>
#include <faiss/invlists/InvertedLists.h>

#include <atomic>
#include <cstring>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/index/faiss/faiss_parts.hpp"

namespace claptools {
namespace {

class ListsInFile : public faiss::ReadOnlyInvertedLists, public MappedLists {
 public:
  /// @param count vectors in the index: ids are lower.
  ListsInFile(std::shared_ptr<const CheckedFile> file, StoredLists stored, std::size_t count)
      : faiss::ReadOnlyInvertedLists(stored.lists.size(), stored.code_size),
        file_(std::move(file)),
        stored_(std::move(stored)),
        count_(count),
        good_(std::make_unique<std::atomic<bool>[]>(stored_.lists.size())) {}

  std::size_t list_size(std::size_t list) const override { return stored_.lists[list].size; }

  const std::uint8_t* get_codes(std::size_t list) const override {
    return reinterpret_cast<const std::uint8_t*>(checked(list));
  }

  /// Not aligned, as the lists that FAISS maps itself are not.
  const std::int64_t* get_ids(std::size_t list) const override {
    return reinterpret_cast<const std::int64_t*>(checked(list) +
                                                 stored_.lists[list].size * stored_.code_size);
  }

  void require_undamaged() const override {
    if (damaged_) throw Error(Fault::data, file_->subject(), "damaged: a list of vectors");
  }

 private:
  const std::byte* checked(std::size_t list) const {
    const auto [offset, size] = stored_.lists[list];
    const std::byte* codes = file_->bytes().data() + offset;
    if (good_[list].load(std::memory_order_acquire)) return codes;
    bool is_good = file_->holds(offset, size * (stored_.code_size + sizeof(std::int64_t)));
    for (std::size_t i = 0; is_good && i < size; ++i) {
      std::uint64_t id = 0;
      std::memcpy(&id, codes + size * stored_.code_size + i * sizeof id, sizeof id);
      is_good = id < count_;
    }
    (is_good ? good_[list] : damaged_).store(true, std::memory_order_release);
    return codes;
  }

  std::shared_ptr<const CheckedFile> file_;
  StoredLists stored_;
  std::size_t count_;
  std::unique_ptr<std::atomic<bool>[]> good_;
  mutable std::atomic<bool> damaged_ = false;
};

}  // namespace

const MappedLists& map_lists(faiss::Index& index, std::shared_ptr<const CheckedFile> file,
                             StoredLists stored) {
  auto lists = std::make_unique<ListsInFile>(std::move(file), std::move(stored),
                                             static_cast<std::size_t>(index.ntotal));
  const MappedLists& mapped = *lists;
  find_lists(&index)->replace_invlists(lists.release(), true);
  return mapped;
}

}  // namespace claptools
