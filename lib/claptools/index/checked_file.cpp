#include "claptools/index/checked_file.hpp"

#include <algorithm>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlock = BlockChecksums::kBlockBytes;
constexpr std::ptrdiff_t kParallelBlocks = 16;

}  // namespace

CheckedFile::CheckedFile(const std::filesystem::path& path, std::optional<BlockChecksums> checksums)
    : file_(path), subject_(path.native()), checksums_(std::move(checksums)) {
  if (!checksums_) return;
  const std::size_t blocks = (bytes().size() + kBlock - 1) / kBlock;
  if (checksums_->bytes != bytes().size() || checksums_->blocks.size() != blocks) {
    throw Error(Fault::data, subject_,
                "damaged: has " + std::to_string(bytes().size()) + " bytes, was written with " +
                    std::to_string(checksums_->bytes));
  }
  good_ = std::make_unique<std::atomic<bool>[]>(blocks);
}

bool CheckedFile::holds(std::size_t first, std::size_t count) const {
  if (!checksums_ || count == 0) return true;
  for (std::size_t block = first / kBlock; block <= (first + count - 1) / kBlock; ++block) {
    if (good_[block].load(std::memory_order_acquire)) continue;
    const auto rest = bytes().subspan(block * kBlock);
    if (xxh64(rest.first(std::min(kBlock, rest.size()))) != checksums_->blocks[block]) return false;
    good_[block].store(true, std::memory_order_release);
  }
  return true;
}

void CheckedFile::check(std::size_t first, std::size_t count) const {
  if (!checksums_ || count == 0) return;
  auto begin = static_cast<std::ptrdiff_t>(first / kBlock);
  const auto end = static_cast<std::ptrdiff_t>((first + count - 1) / kBlock) + 1;
  // Most often all have been compared before.
  while (begin < end && good_[static_cast<std::size_t>(begin)].load(std::memory_order_acquire))
    ++begin;
  bool is_good = true;
  // Waking threads takes longer than a few blocks do.
#pragma omp parallel for reduction(&& : is_good) if (end - begin >= kParallelBlocks)
  for (std::ptrdiff_t block = begin; block < end; ++block) {
    is_good = is_good && holds(static_cast<std::size_t>(block) * kBlock, 1);
  }
  if (!is_good) throw Error(Fault::data, subject_, "damaged: a checksum differs from rows.h5");
}

}  // namespace claptools
