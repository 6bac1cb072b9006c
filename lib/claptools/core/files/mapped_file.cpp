#include "claptools/core/files/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <string>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/system_reason.hpp"

namespace claptools {
namespace {

struct Descriptor {
  int fd;
  ~Descriptor() { ::close(fd); }
};

constexpr std::size_t kNameBytes = 200;

/// A signal's handler reaches nothing but such memory.
struct Slot {
  enum State : int { empty, filling, used };
  std::atomic<int> state{empty};
  std::span<const std::byte> bytes;
  dev_t device = 0;
  ino_t file = 0;
  std::array<char, kNameBytes + 8> name{};
};
std::array<Slot, 256> slots;

/// @return its slot; -1 if there are too many files: then its name is not told.
int note(std::span<const std::byte> bytes, const struct stat& info, const std::string& path) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    int expected = Slot::empty;
    if (!slots[i].state.compare_exchange_strong(expected, Slot::filling)) continue;
    const std::string name = shorten(escape_controls(path), kNameBytes);
    std::copy_n(name.c_str(), name.size() + 1, slots[i].name.begin());
    slots[i].bytes = bytes;
    slots[i].device = info.st_dev;
    slots[i].file = info.st_ino;
    slots[i].state = Slot::used;
    return static_cast<int>(i);
  }
  return -1;
}

const Slot* find(const void* address) noexcept {
  const auto* const at = static_cast<const std::byte*>(address);
  for (const Slot& slot : slots) {
    if (slot.state != Slot::used) continue;
    if (at >= slot.bytes.data() && at < slot.bytes.data() + slot.bytes.size()) return &slot;
  }
  return nullptr;
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw Error(Fault::no_input, path.native(), system_reason(errno));
  const Descriptor guard{fd};
  struct stat info {};
  if (::fstat(fd, &info) != 0) throw Error(Fault::io, path.native(), system_reason(errno));
  if (!S_ISREG(info.st_mode)) throw Error(Fault::data, path.native(), "not a regular file");
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return;  // an empty file cannot be mapped, and has no bytes to map
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED) throw Error(Fault::io, path.native(), system_reason(errno));
  bytes_ = {static_cast<const std::byte*>(data), size};
  slot_ = note(bytes_, info, path.native());
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), slot_(std::exchange(other.slot_, -1)) {}

MappedFile::~MappedFile() {
  if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].state = Slot::empty;
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

bool is_mapped_at(const std::filesystem::path& path, const void* address) {
  const Slot* const slot = find(address);
  struct stat info {};
  return slot && ::stat(path.c_str(), &info) == 0 && info.st_dev == slot->device &&
         info.st_ino == slot->file;
}

const char* mapped_file_name(const void* address) noexcept {
  const Slot* const slot = find(address);
  return slot ? slot->name.data() : nullptr;
}

}  // namespace claptools
